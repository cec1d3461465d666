import { expect, test } from 'vitest'
import { expectEnd, expectUnwinding, passing, signalCases } from '../helpers/signals.ts'
import { tempProject } from '../helpers/temp-project.ts'

test.for(signalCases)('behavior: $signal $moment unwinds everything', (each) => expectUnwinding(each))

test('behavior: a second signal ends the process at once, and the cluster with it', () =>
  expectEnd(['SIGINT', 'SIGTERM'], 130))

test('behavior: with SIGKILL the embedded cluster dies too', () => expectEnd(['SIGKILL'], undefined))

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
