import { execa } from 'execa'
import type { HomePart } from './home.ts'
import type { RunningVitest } from './project.ts'

/** What a process prints, as it comes. */
export class Output {
  text = ''
  #ended = false
  readonly #waiting = new Set<() => void>()

  constructor(running: RunningVitest) {
    const wake = (): void => {
      for (const look of this.#waiting) look()
    }
    running.all.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('utf8')
      wake()
    })
    running.all.on('end', () => {
      this.#ended = true
      wake()
    })
  }

  /** Resolves to what was printed behind `from` once it matches; rejects when the process ends without. */
  until(pattern: RegExp, from = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const text = this.text.slice(from)
        const found = pattern.test(text)
        if (!found && !this.#ended) return
        this.#waiting.delete(look)
        if (found) resolve(text)
        else reject(new Error(`ended without printing ${pattern}:\n${text}`))
      }
      this.#waiting.add(look)
      look()
    })
  }
}

/** Resolves to what was printed once it matches; rejects when the run ends without. */
export function printed(running: RunningVitest, pattern: RegExp): Promise<string> {
  return new Output(running).until(pattern)
}

/** The process of a cluster that a run has said is ready, by a word of its command line. */
export async function clusterPid(output: string, { word }: Pick<HomePart, 'word'>): Promise<number> {
  const [, folder] = /--kubeconfig (\S+)\/kubeconfig/.exec(output) ?? []
  if (folder === undefined) throw new Error(`no cluster is ready in:\n${output}`)
  const [pid] = await processesOf(folder, word)
  if (pid === undefined) throw new Error(`no process ${word} has ${folder}`)
  return pid
}

/** Processes whose command line names the folder, and the word. */
export async function processesOf(folder: string, word = ''): Promise<number[]> {
  const { stdout } = await execa('ps', ['-axo', 'pid=,args='])
  const lines = stdout.split('\n').filter((line) => line.includes(folder) && line.includes(word))
  return lines.map((line) => Number.parseInt(line, 10))
}
