import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { printed, processesOf } from '../helpers/processes.ts'
import { tempProject } from '../helpers/temp-project.ts'

const hanging = `
import { test } from 'vitest-environment-sei/test'
test('hangs until it is stopped', async ({ network }) => {
  console.log('THE TEST RUNS', network.name)
  await new Promise(() => {})
}, 60_000)
`
const guardian = ' guardian '
const patience = { timeout: 60_000, interval: 20 } as const

test.for([
  { title: 'the run and all processes of ours', first: undefined },
  { title: 'the guardian, and then the run and all processes of ours,', first: guardian },
])(
  'error: SIGKILL to $title leaves neither etcd, nor kube-apiserver, nor data',
  async ({ first }, { onTestFinished }) => {
    await using project = await tempProject({ 'hanging.test.ts': hanging })
    const running = project.start(['run'])
    const output = await printed(running, /THE TEST RUNS/)
    const folder = dirname(/--kubeconfig (\S+)/.exec(output)?.[1] ?? '')
    onTestFinished(async () => {
      for (const pid of await processesOf(folder)) process.kill(pid, 'SIGKILL')
    })
    if (first !== undefined) {
      const [pid = Number.NaN] = await processesOf(folder, first)
      process.kill(pid, 'SIGKILL')
      const others = async (): Promise<number> =>
        (await processesOf(folder, first)).filter((one) => one !== pid).length
      await expect.poll(others, patience).toBe(1)
    }
    const ours = await Promise.all(
      ['/embedded/main.', '/control-plane/main.'].map((word) => processesOf(folder, word)),
    )
    expect(ours.map(({ length }) => length)).toEqual([1, 1])
    expect(await processesOf(folder, '/etcd ')).toHaveLength(1)
    for (const pid of [...ours.flat(), running.pid ?? Number.NaN]) process.kill(pid, 'SIGKILL')
    await running
    await expect.poll(() => processesOf(folder), patience).toEqual([])
    expect(existsSync(folder)).toBe(false)
  },
)
