import { expect, test } from 'vitest'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

test('behavior: a namespace that the run makes gets what pods need there, and goes with the run', async () => {
  const options = "{ network: { validators: 3 }, followers: { count: 1, namespace: 'elsewhere' } }"
  await using project = await tempProject({
    'vitest.config.ts': defaultConfig(options),
    'namespace.test.ts': `
      import { test, expect } from 'vitest-environment-sei/test'
      test('is there', ({ followers: [node] }) => expect(node.namespace).toBe('elsewhere'))`,
  })
  const { exitCode, output, receipt } = await project.run()
  expect(exitCode, output).toBe(0)
  expect(receipt).toMatchObject({ left: [], seals: [{ missing: [] }] })
})
