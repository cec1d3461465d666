import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { tempProject, type RunningVitest, type TempProject } from '../helpers/temp-project.ts'

const suite = `
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
  'while the cluster starts': { file: passing, after: /mode embedded/ },
  'during provisioning': { file: passing, after: /✓ rpc/ },
  'during a test': { file: suite, after: /THE TEST RUNS/ },
  'during teardown': { file: passing, after: /\d capturing|\d sealed/ },
} as const

const cases = (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
  (Object.keys(moments) as (keyof typeof moments)[]).map((moment) => ({ signal, moment })),
)

test.for(cases)('behavior: $signal $moment unwinds everything', async ({ signal, moment }) => {
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
  await expectNoCluster(project, all)
})

test('behavior: a second signal ends the process at once, and the cluster with it', async () => {
  await using project = await tempProject({ 'signal.test.ts': suite })
  const running = project.start(['run'])
  await printed(running, /THE TEST RUNS/)
  running.kill('SIGINT')
  running.kill('SIGTERM')
  const { exitCode, all } = await running
  expect(exitCode).toBe(130)
  await expectNoCluster(project, all)
})

test('behavior: with SIGKILL the embedded cluster dies too', async () => {
  await using project = await tempProject({ 'signal.test.ts': suite })
  const running = project.start(['run'])
  const output = await printed(running, /THE TEST RUNS/)
  running.kill('SIGKILL')
  await running
  await expectNoCluster(project, output)
})

/** Resolves to what was printed once it matches; rejects when the run ends without. */
function printed(running: RunningVitest, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    running.all.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      if (pattern.test(output)) resolve(output)
    })
    running.all.on('end', () => reject(new Error(`ended without printing ${pattern}:\n${output}`)))
  })
}

/** The API server of the run's cluster answers no more. */
async function expectNoCluster(project: TempProject, output: string): Promise<void> {
  const [, kubeconfig] = /--kubeconfig (\S+)/.exec(output) ?? []
  if (kubeconfig === undefined) return
  const { existsSync } = await import('node:fs')
  const deadline = Date.now() + 5_000
  while (existsSync(kubeconfig) && Date.now() < deadline) await sleep(20)
  expect(existsSync(kubeconfig), `${kubeconfig} of ${project.root} is still there`).toBe(false)
}
