import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, ExecaError } from 'execa'
import { folderOnPath, hasPart } from '../../src/clusters/parts.ts'

/** Programs of one Go module, built in one go: they share most of their packages. */
export interface GoSource {
  readonly module: string
  readonly version: string
  /** Program to package. */
  readonly programs: Readonly<Record<string, string>>
  /** Values for variables of the linked program. */
  readonly variables: Readonly<Record<string, string>>
  /** The module's own go.mod replaces other modules by folders beside it: these, by the versions published with it. */
  readonly staging?: string
}

/** Says what it does, in lines of its own. */
export function say(line: string): void {
  console.log(`parts: ${line}`)
}

class Missing extends Error {}

/** Ends the work with one line. */
export function fail(why: string): never {
  throw new Missing(why)
}

/** Does the work; what cannot be had is one line on stderr and exit code 1. */
export async function orOneLine(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    console.error(`parts: ${error.message}`)
    process.exitCode = 1
  }
}

/** Builds into the folder what is not there yet. `otherwise` says what to do on a machine without Go. */
export async function provide(
  folder: string,
  sources: readonly GoSource[],
  otherwise: string,
): Promise<void> {
  const wanted = sources.filter(({ programs }) => missingOf(folder, programs).length > 0)
  if (wanted.length === 0) return
  const names = wanted.flatMap(({ programs }) => missingOf(folder, programs)).join(', ')
  if (folderOnPath(process.env, 'go') === undefined)
    fail(`no Go on the PATH, and ${names} must be built; ${otherwise}`)
  // Minutes of compiling: whatever else this machine does comes first.
  setPriority(constants.priority.PRIORITY_LOW)
  await mkdir(folder, { recursive: true })
  for (const source of wanted) await build(source, folder)
}

function missingOf(folder: string, programs: GoSource['programs']): string[] {
  return Object.keys(programs).filter((name) => !hasPart(folder, name))
}

/** A wrapper module of ours requires the source's: `go install module@version` refuses modules that replace others. */
async function build(source: GoSource, folder: string): Promise<void> {
  const { module, version } = source
  const names = missingOf(folder, source.programs)
  const work = await mkdtemp(join(tmpdir(), 'sei-parts-'))
  const startedAt = Date.now()
  try {
    say(`building ${names.join(' and ')} from Go module ${module}@${version}; the first time takes minutes`)
    await writeFile(join(work, 'go.mod'), await wrapperOf(source, work))
    for (const name of names) {
      await go(
        work,
        'build',
        '-mod=mod',
        '-trimpath',
        '-ldflags',
        linkerFlags(source),
        '-o',
        name,
        source.programs[name] ?? '',
      )
      // From a folder of its own first: a build that was cut off leaves nothing that looks complete.
      await moveInto(join(work, name), join(folder, name))
    }
    say(`built in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function wrapperOf(source: GoSource, work: string): Promise<string> {
  const { module, version, staging } = source
  const { Dir } = JSON.parse(await go(work, 'mod', 'download', '-json', `${module}@${version}`)) as {
    Dir: string
  }
  const own = await readFile(join(Dir, 'go.mod'), 'utf8')
  const [goLine = 'go 1.26'] = /^go .*$/m.exec(own) ?? []
  const replaced = [...own.matchAll(/^\s*(?:replace )?(\S+) => \.\/\S+$/gm)].map(([, name]) => name ?? '')
  return [
    'module vitest-environment-sei/parts',
    goLine,
    `require ${module} ${version}`,
    ...(staging === undefined ? [] : replaced.map((name) => `replace ${name} => ${name} ${staging}`)),
    '',
  ].join('\n')
}

function linkerFlags({ variables }: GoSource): string {
  return ['-s', '-w', ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(' ')
}

async function go(cwd: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execa('go', args, { cwd, env: { CGO_ENABLED: '0', GOWORK: 'off' } })
    return stdout
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    const lines = `${error.stdout}\n${error.stderr}`.split('\n').map((line) => line.trim())
    const [last = error.shortMessage] = lines.filter((line) => line !== '' && !/^[{}]$/.test(line)).slice(-1)
    const why = last.replace(/^"Error": /, '')
    return fail(`go ${args[0]} failed, and the parts must be built; Go says: ${why}`)
  }
}

/** By way of a copy beside it: the cache may be on another file system than the temporary folder. */
async function moveInto(from: string, to: string): Promise<void> {
  const beside = `${to}.${process.pid}`
  await copyFile(from, beside)
  await rename(beside, to)
}
