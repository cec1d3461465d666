import { expect, test } from 'vitest'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

/** Ends the child of the main process that is the cluster. */
const killCluster = `
import { readFileSync } from 'node:fs'
const main = process.ppid
function killCluster() {
  const children = readFileSync('/proc/' + main + '/task/' + main + '/children', 'utf8').trim().split(' ')
  const isCluster = (pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('embedded/main')
  process.kill(Number(children.find(isCluster)), 'SIGKILL')
}
`

test('error: when the cluster dies during a test, the run ends without a verdict, and soon', async () => {
  await using project = await tempProject({
    'vitest.config.ts': defaultConfig('{ network: { validators: 1 }, followers: 0 }'),
    'a.test.ts': `import { test } from 'vitest-environment-sei/test'
      ${killCluster}
      test('is there when it dies', async ({ network }) => {
        killCluster()
        await new Promise(() => {})
      }, 60_000)
      test('comes later', async ({ network }) => {})`,
  })
  const { exitCode, output, receipt } = await project.run()
  expect(output).toMatch(/SeiError: the embedded cluster \(process \d+\) is gone: it was ended by SIGKILL/)
  expect(output).toContain('Tests  2 failed')
  expect(exitCode, output).toBe(2)
  // What was in it went with it, and the receipt still says what that was.
  expect(receipt?.left).toEqual([])
  expect(receipt?.existed).toMatchObject([{ kind: 'SeiNetwork' }])
  expect(receipt?.seals).toHaveLength(1)
})
