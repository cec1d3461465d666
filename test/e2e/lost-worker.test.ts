import { expect, test } from 'vitest'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

// In two parts, since Vitest looks for docblocks in the whole text of this file as well.
const docblock = `// @vitest-${'environment-options'}`
const imports = "import { test, expect } from 'vitest-environment-sei/test'\n"

test('error: a worker that dies gives its network back, for which another file waits', async () => {
  await using project = await tempProject({
    'vitest.config.ts': defaultConfig('{ network: { validators: 1 }, followers: 0, maxNetworks: 1 }'),
    'a.test.ts': `${docblock} {"network":{"config":{"of":"a"}}}
      ${imports}test('dies', async ({ network }) => {
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => {})
      })`,
    'b.test.ts': `${docblock} {"network":{"config":{"of":"b"}}}
      ${imports}test('goes on', async ({ network }) => {
        expect(await network.latestHeight()).toBeGreaterThan(0)
      })`,
  })
  const { exitCode, output, receipt } = await project.run(['--maxWorkers=2'])
  expect(output).toContain('✓ b.test.ts')
  expect(output).toContain('Worker exited unexpectedly')
  expect(exitCode).toBe(1)
  expect(receipt?.left).toEqual([])
})
