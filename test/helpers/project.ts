import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Receipt } from '../../src/run/receipt.ts'
import type { RunEvent } from '../../src/contract/progress.ts'

/** Variables that would choose a mode; taken out of every run that does not set them itself. */
const modeVariable = /^(SEI_|RPC_|CI$|KUBERNETES_SERVICE_HOST$|VITEST)/

export interface RunResult {
  readonly exitCode: number | undefined
  /** stdout and stderr together, in the order they came. */
  readonly output: string
  /** The newest run folder's receipt and events; `undefined` where no run began. */
  readonly receipt: Receipt | undefined
  readonly events: readonly RunEvent[]
  /** Absolute path of the newest run folder. */
  readonly folder: string | undefined
}

/** A project as a user would have it: this package installed from its tarball, in a folder whose path has a space. */
export interface TempProject extends AsyncDisposable {
  readonly root: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  read(path: string): Promise<string>
  /** Starts Vitest without waiting for it. `env` is all it sees of modes. @default what the project was made with */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningVitest
  /** Runs Vitest to its end. */
  run(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>
  /** Starts a script of the project with Node. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): RunningVitest
  /** What the newest run left behind. */
  lastRun(): Promise<Pick<RunResult, 'receipt' | 'events' | 'folder'>>
}

export type RunningVitest = ReturnType<typeof startNode>

/** Node with the environment of a user who has chosen no mode, but for `env`. */
export function startNode(root: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const inherited = Object.entries(process.env).filter(([name]) => !modeVariable.test(name))
  return execa(process.execPath, args, {
    cwd: root,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
    extendEnv: false,
    all: true,
    reject: false,
    // A SIGTERM stays one: unwinding may take its time on a busy machine.
    forceKillAfterDelay: false,
    stdin: 'ignore',
  })
}

/**
 * A project on the installed packages in `modules`; its config is the design's unless `files` say otherwise. `env` is what its
 * runs see of modes, unless they are given something else.
 */
export async function createProject(
  modules: string,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<TempProject> {
  const root = await mkdtemp(join(tmpdir(), 'sei project '))
  const project = new Project(root, env)
  await project.install(modules)
  await project.write({
    'package.json': JSON.stringify({ name: 'a-user', private: true, type: 'module' }),
    'vitest.config.ts': defaultConfig('{ network: { validators: 4 }, followers: 2 }'),
    ...files,
  })
  return project
}

/** The project in a folder where somebody has installed one. */
export function projectAt(root: string): TempProject {
  return new Project(root, {})
}

/** A Vitest config with `sei(<options>)` and nothing else. */
export function defaultConfig(options = '', test = '{}'): string {
  return [
    "import { defineConfig } from 'vitest/config'",
    "import { sei } from 'vitest-environment-sei/plugin'",
    `export default defineConfig({ plugins: [sei(${options})], test: ${test} })`,
    '',
  ].join('\n')
}

class Project implements TempProject {
  readonly root: string
  readonly #env: Readonly<Record<string, string>>

  constructor(root: string, env: Readonly<Record<string, string>>) {
    this.root = root
    this.#env = env
  }

  /** One link: what is installed is the same for all projects of a test run. */
  async install(modules: string): Promise<void> {
    await symlink(modules, join(this.root, 'node_modules'))
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.root, path)), { recursive: true })
      await writeFile(join(this.root, path), text)
    }
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8')
  }

  start(args: readonly string[], env = this.#env): RunningVitest {
    return this.node([join(this.root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], env)
  }

  node(args: readonly string[], env = this.#env): RunningVitest {
    return startNode(this.root, args, env)
  }

  async run(args: readonly string[] = [], env = this.#env): Promise<RunResult> {
    const { exitCode, all } = await this.start(['run', ...args], env)
    return { exitCode, output: all, ...(await this.lastRun()) }
  }

  async lastRun(): Promise<Pick<RunResult, 'receipt' | 'events' | 'folder'>> {
    const runs = join(this.root, '.sei', 'runs')
    const names = await readdir(runs).catch(() => [])
    const [newest] = (
      await Promise.all(
        names.map(async (name) => ({ name, at: (await this.#events(join(runs, name)))[0]?.at ?? '' })),
      )
    ).toSorted((a, b) => (a.at < b.at ? 1 : -1))
    if (newest === undefined) return { receipt: undefined, events: [], folder: undefined }
    const folder = join(runs, newest.name)
    const receipt = await readFile(join(folder, 'receipt.json'), 'utf8').then(
      (text) => JSON.parse(text) as Receipt,
      () => undefined,
    )
    return { receipt, events: await this.#events(folder), folder }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }

  async #events(folder: string): Promise<RunEvent[]> {
    const text = await readFile(join(folder, 'events.jsonl'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunEvent)
  }
}
