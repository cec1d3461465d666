import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'

export interface KubectlResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The real kubectl, with a kubeconfig and a discovery cache of its own. */
export interface Kubectl {
  /** Runs to the end; `input` goes to its standard input, for `-f -`. */
  run(args: readonly string[], input?: unknown): Promise<KubectlResult>
  /** Starts what runs until it is stopped, such as `get -w`. */
  start(args: readonly string[]): ChildProcess
  close(): Promise<void>
}

export async function useKubectl(kubeconfig: string): Promise<Kubectl> {
  const cache = await mkdtemp(join(tmpdir(), 'sei-kubectl-'))
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: cache, HOME: cache }
  return {
    async run(args, input) {
      const result = await execa('kubectl', args, {
        env,
        reject: false,
        ...(input === undefined ? {} : { input: JSON.stringify(input) }),
      })
      return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr }
    },
    start: (args) =>
      spawn('kubectl', args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
    close: () => rm(cache, { recursive: true, force: true }),
  }
}
