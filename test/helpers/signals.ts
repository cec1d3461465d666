import { existsSync, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { printed } from './processes.ts'
import { tempProject } from './temp-project.ts'

const hanging = `
import { test, expect } from 'vitest-environment-sei/test'
import { writeFileSync } from 'node:fs'
test('hangs until it is stopped', async ({ network, onTestFinished }) => {
  onTestFinished(() => writeFileSync('cleaned-up', network.name))
  console.log('THE TEST RUNS')
  await new Promise(() => {})
}, 60_000)
`
export const passing = `
import { test, expect } from 'vitest-environment-sei/test'
test('passes', async ({ network }) => expect(await network.latestHeight()).toBeGreaterThan(0))
`

/** Moments of a run, by what it has printed so far. */
const moments = {
  'while the cluster starts': { file: passing, after: /mode e/ },
  'during provisioning': { file: passing, after: /✓ rpc/ },
  'during a test': { file: hanging, after: /THE TEST RUNS/ },
  'during teardown': { file: passing, after: /\d capturing|\d sealed/ },
} as const

export interface SignalCase {
  readonly signal: 'SIGINT' | 'SIGTERM'
  readonly moment: keyof typeof moments
}

export const signalCases: readonly SignalCase[] = (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
  (Object.keys(moments) as (keyof typeof moments)[]).map((moment) => ({ signal, moment })),
)

const patience = { timeout: 15_000, interval: 10 } as const

type Env = Readonly<Record<string, string>>

/** A run that gets the signal then ends with 130, its test clean-ups done, everything deleted, and no cluster left. */
export async function expectUnwinding({ signal, moment }: SignalCase, env: Env = {}): Promise<void> {
  const { file, after } = moments[moment]
  await using project = await tempProject({ 'signal.test.ts': file })
  const running = project.start(['run'], env)
  const output = await printed(running, after)
  running.kill(signal)
  const { exitCode, all } = await running
  expect(exitCode, all).toBe(130)
  const { receipt } = await project.lastRun()
  expect(receipt?.left, all).toEqual([])
  expect(all.slice(output.length)).toContain('cancelled')
  if (moment === 'during a test') expect(await project.read('cleaned-up')).toMatch(/^sei-/)
  await expectNoCluster(all)
}

/**
 * A run that gets the signal while its cluster's folder holds `path`, so that its processes are under way, takes them along.
 */
export async function expectCutStart(signal: NodeJS.Signals, path: string, env: Env): Promise<void> {
  await using project = await tempProject({ 'signal.test.ts': passing })
  const folder = join(project.root, 'temporary')
  await mkdir(folder)
  const running = project.start(['run'], { ...env, TMPDIR: folder })
  const clusters = (): string[] => readdirSync(folder).filter((name) => name.startsWith('sei-'))
  await expect
    .poll(() => clusters().some((name) => existsSync(join(folder, name, path))), patience)
    .toBe(true)
  expect(await processesOf(folder)).not.toEqual([])
  running.kill(signal)
  await running
  await expect.poll(async () => [...clusters(), ...(await processesOf(folder))], patience).toEqual([])
}

/** A run that is sent these signals during a test ends with this code, and takes its cluster along. */
export async function expectEnd(
  signals: readonly NodeJS.Signals[],
  code: number | undefined,
  env: Env = {},
): Promise<void> {
  await using project = await tempProject({ 'signal.test.ts': hanging })
  const running = project.start(['run'], env)
  const output = await printed(running, /THE TEST RUNS/)
  for (const signal of signals) running.kill(signal)
  expect((await running).exitCode).toBe(code)
  await expectNoCluster(output)
}

/** The folder of the run's cluster is gone, and so are the processes that were started with it. */
async function expectNoCluster(output: string): Promise<void> {
  const [, kubeconfig] = /--kubeconfig (\S+)/.exec(output) ?? []
  if (kubeconfig === undefined) return
  const folder = dirname(kubeconfig)
  const left = async (): Promise<string[]> => [
    ...(existsSync(folder) ? [folder] : []),
    ...(await processesOf(folder)),
  ]
  await expect.poll(left, patience).toEqual([])
}

/** Processes whose command line names the folder. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args'])
  return stdout.split('\n').filter((line) => line.includes(folder))
}
