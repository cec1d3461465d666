import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, inject, onTestFinished } from 'vitest'
import { pods, seiNetworks, seiNodes, services } from '../../src/contract/kinds.ts'
import { connect } from '../../src/kube/client.ts'
import { loadConnection } from '../../src/kube/kubeconfig.ts'
import { homeArguments, homeEnvironment } from './home.ts'
import { processesOf } from './processes.ts'
import { startNode, type RunningVitest } from './project.ts'

export interface Answer {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** What was printed with `--json`. */
  readonly json: Record<string, unknown>
}

/** The installed `seitask` with a state folder of its own; every cluster is down when the test has finished. */
export class Seitask {
  readonly state: string
  readonly #env: Readonly<Record<string, string>>

  constructor(state: string) {
    this.state = state
    this.#env = { ...homeEnvironment(), XDG_STATE_HOME: state }
  }

  start(args: readonly string[]): RunningVitest {
    const bin = join(inject('packed'), 'vitest-environment-sei', 'dist', 'src', 'cli', 'main.js')
    return startNode(this.state, [bin, ...args], this.#env)
  }

  async run(...args: string[]): Promise<Answer> {
    const { exitCode, stdout, stderr } = await this.start(args)
    return { exitCode, stdout, stderr, json: args.includes('--json') ? JSON.parse(stdout) : {} }
  }

  folder(name = 'default'): string {
    return join(this.state, 'vitest-environment-sei', 'clusters', name)
  }

  /** `seitask up` in the home of the tests. */
  up(...args: string[]): Promise<Answer> {
    return this.run('up', ...homeArguments(), ...args)
  }

  /** Neither process nor folder is left, after the time that processes take to end. */
  async expectNothingLeft(): Promise<void> {
    await expect.poll(() => processesOf(this.state), { timeout: 15_000 }).toEqual([])
    await expect.poll(() => existsSync(this.folder()), { timeout: 15_000 }).toBe(false)
  }
}

export async function seitask(): Promise<Seitask> {
  const state = await mkdtemp(join(tmpdir(), "sei's state "))
  const cli = new Seitask(state)
  onTestFinished(async () => {
    await cli.run('down')
    await rm(state, { recursive: true, force: true })
  })
  return cli
}

/** What a shell has of these variables after `eval "$(seitask env)"`. */
export async function environmentOf(cli: Seitask): Promise<Record<string, string>> {
  const { stdout } = await cli.run('env')
  const print = 'printf "%s\\n" "$KUBECONFIG" "$SEI_NODE_CLUSTER"'
  const shell = await execa('sh', ['-c', `eval "$TEXT"; ${print}`], { env: { TEXT: stdout } })
  const [KUBECONFIG = '', SEI_NODE_CLUSTER = ''] = shell.stdout.split('\n')
  return { KUBECONFIG, SEI_NODE_CLUSTER }
}

/** Names of what runs and networks leave in a cluster. */
export async function leftIn(kubeconfigPath: string): Promise<string[]> {
  const connection = await loadConnection({ kubeconfigPath, namespace: 'default', env: {} })
  const kube = connect(connection)
  try {
    const lists = await Promise.all([seiNetworks, seiNodes, pods, services].map((type) => kube.list(type)))
    const names = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))
    // The API server's own, on a real one.
    return names.filter((name) => name !== 'kubernetes')
  } finally {
    await kube.close()
  }
}
