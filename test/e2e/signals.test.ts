import { existsSync, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { home, homeEnvironment } from '../helpers/home.ts'
import { printed, processesOf } from '../helpers/processes.ts'
import { tempProject } from '../helpers/temp-project.ts'

const hanging = `
import { test, expect } from 'vitest-environment-sei/test'
import { writeFileSync } from 'node:fs'
test('hangs until it is stopped', async ({ network, onTestFinished }) => {
  onTestFinished(() => writeFileSync('cleaned-up', network.name))
  console.log('THE TEST RUNS')
  await new Promise(() => {})
}, 60_000)
`
const passing = `
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

interface SignalCase {
  readonly signal: 'SIGINT' | 'SIGTERM'
  readonly moment: keyof typeof moments
}

const signalCases: readonly SignalCase[] = (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
  (Object.keys(moments) as (keyof typeof moments)[]).map((moment) => ({ signal, moment })),
)

const patience = { timeout: 60_000, interval: 10 } as const

/** A run that gets the signal then ends with 130, its test clean-ups done, everything deleted, and no cluster left. */
async function expectUnwinding({ signal, moment }: SignalCase): Promise<void> {
  const { file, after } = moments[moment]
  await using project = await tempProject({ 'signal.test.ts': file })
  const running = project.start(['run'])
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

/** What a cluster's folder holds once its first processes are under way. */
const underWay = { embedded: 'kubeconfig', envtest: 'etcd/member' } as const

/** A run that gets the signal while its cluster starts takes the processes along. */
async function expectCutStart(signal: NodeJS.Signals): Promise<void> {
  await using project = await tempProject({ 'signal.test.ts': passing })
  const folder = join(project.root, 'temporary')
  await mkdir(folder)
  const running = project.start(['run'], { ...homeEnvironment(), TMPDIR: folder })
  const clusters = (): string[] => readdirSync(folder).filter((name) => name.startsWith('sei-'))
  await expect
    .poll(() => clusters().some((name) => existsSync(join(folder, name, underWay[home().mode]))), patience)
    .toBe(true)
  expect(await processesOf(folder)).not.toEqual([])
  running.kill(signal)
  await running
  await expect.poll(async () => [...clusters(), ...(await processesOf(folder))], patience).toEqual([])
}

/** A run that is sent these signals during a test ends with this code, and takes its cluster along. */
async function expectEnd(signals: readonly NodeJS.Signals[], code: number | undefined): Promise<void> {
  await using project = await tempProject({ 'signal.test.ts': hanging })
  const running = project.start(['run'])
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
  const left = async (): Promise<(string | number)[]> => [
    ...(existsSync(folder) ? [folder] : []),
    ...(await processesOf(folder)),
  ]
  await expect.poll(left, patience).toEqual([])
}

test.for(signalCases)('behavior: $signal $moment unwinds everything', expectUnwinding)

test('behavior: a second signal ends the process at once, and the cluster with it', () =>
  expectEnd(['SIGINT', 'SIGTERM'], 130))

test('behavior: with SIGKILL the cluster dies too', () => expectEnd(['SIGKILL'], undefined))

test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'behavior: %s while the cluster starts leaves no process and no data',
  expectCutStart,
)

test('behavior: a signal before the run begins ends it before anything is created', async () => {
  await using project = await tempProject({
    'vitest.config.ts': `
      import { defineConfig } from 'vitest/config'
      import { sei } from 'vitest-environment-sei/plugin'
      const early = { name: 'early', configureVitest: () => void process.kill(process.pid, 'SIGINT') }
      export default defineConfig({ plugins: [sei(), early] })`,
    'a.test.ts': passing,
  })
  const { exitCode, output, folder } = await project.run()
  expect(exitCode, output).toBe(130)
  expect(output).toContain('cancelled by SIGINT')
  expect(folder).toBeUndefined()
})
