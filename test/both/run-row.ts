import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Kubectl } from '../helpers/kubectl.ts'
import { normal, structure } from './normal.ts'
import type { Row } from './row.ts'

/** What one server made kubectl print, as far as another can print it too. */
export interface Printed {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a row on one server, in the namespace of its story. */
export async function runRow(kubectl: Kubectl, namespace: string, row: Row): Promise<Printed> {
  const args = ['-n', namespace, ...wordsOf(row.line)]
  const isOpen = row.meanwhile !== undefined || row.lines !== undefined
  const { code, stdout, stderr } = isOpen
    ? await runOpen(kubectl, namespace, args, row)
    : await kubectl.run(args, row.input)
  const text = normal(row.line.startsWith('explain ') ? structure(stdout) : stdout)
  return {
    code,
    stdout: row.unordered === true ? inOrder(text) : text,
    // Of several causes a server may name any first.
    stderr: row.fails === true ? inOrder(normal(stderr)) : normal(stderr),
  }
}

function inOrder(text: string): string {
  return text.split('\n').toSorted().join('\n')
}

/** Words as a shell reads them, with single quotes alone. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|[^\s'])+/g) ?? []
  return words.map((word) => word.replaceAll("'", ''))
}

/** Runs a command that goes on, until it ends or has printed enough lines. */
async function runOpen(
  kubectl: Kubectl,
  namespace: string,
  args: readonly string[],
  { meanwhile = [], lines }: Row,
): Promise<Printed> {
  // At this verbosity kubectl tells on stderr when its watch stands.
  const child = kubectl.start(['-v=6', ...args])
  const ended = once(child, 'close')
  const said = collect(child)
  await until(said, ended, ({ stderr }) => meanwhile.length === 0 || /watch=true.* 200 OK/.test(stderr))
  for (const row of meanwhile) {
    const { code, stderr } = await runRow(kubectl, namespace, row)
    if (code !== 0) throw new Error(`${row.line}: ${stderr}`)
  }
  if (lines === undefined) {
    const [code] = (await ended) as [number | null]
    return { ...said.text(), code: code ?? undefined }
  }
  await until(said, ended, ({ stdout }) => stdout.split('\n').length > lines)
  child.kill()
  await ended
  const { stdout } = said.text()
  return { code: undefined, stdout: stdout.split('\n').slice(0, lines).join('\n'), stderr: '' }
}

interface Said {
  text(): { readonly stdout: string; readonly stderr: string }
  next(): Promise<unknown>
}

function collect({ stdout, stderr }: ChildProcess): Said {
  const text = { stdout: '', stderr: '' }
  const heard = new EventTarget()
  const listen = (stream: typeof stdout, name: keyof typeof text): void =>
    void stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      heard.dispatchEvent(new Event('text'))
    })
  listen(stdout, 'stdout')
  listen(stderr, 'stderr')
  return {
    text: () => ({ ...text }),
    next: () => new Promise((resolve) => heard.addEventListener('text', resolve, { once: true })),
  }
}

async function until(
  said: Said,
  ended: Promise<unknown>,
  isReached: (text: ReturnType<Said['text']>) => boolean,
): Promise<void> {
  const over = ended.then(() => true)
  for (;;) {
    if (isReached(said.text())) return
    if (await Promise.race([over, said.next().then(() => false)])) return
  }
}
