import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectFirstRun } from '../helpers/first-run.ts'
import { expectOrderedFault, orderedFaults } from '../helpers/ordered-faults.ts'
import { repository } from '../helpers/pack.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'
import { envtest } from './environment.ts'

test('default: the config and test of the README pass on a real API server', () =>
  expectFirstRun('mode envtest, simulated (from SEI_ENVTEST)', envtest))

test('default: the release test passes on a real API server', async () => {
  const files = ['vitest.config.ts', 'release-test/release.test.ts']
  const texts = files.map(async (path) => [path, await readFile(join(repository, 'scenarios', path), 'utf8')])
  await using project = await tempProject(
    Object.fromEntries(await Promise.all(texts)) as Record<string, string>,
  )
  const { exitCode, output, receipt } = await project.run([], envtest)
  expect(output).toContain('mode envtest')
  expect(exitCode, output).toBe(0)
  expect(receipt).toMatchObject({ left: [], seals: [{ missing: [] }] })
})

test('behavior: a namespace that the run makes gets what pods need there, and goes with the run', async () => {
  const options = "{ network: { validators: 3 }, followers: { count: 1, namespace: 'elsewhere' } }"
  await using project = await tempProject({
    'vitest.config.ts': defaultConfig(options),
    'namespace.test.ts': `
      import { test, expect } from 'vitest-environment-sei/test'
      test('is there', ({ followers: [node] }) => expect(node.namespace).toBe('elsewhere'))`,
  })
  const { exitCode, output, receipt } = await project.run([], envtest)
  expect(exitCode, output).toBe(0)
  expect(receipt).toMatchObject({ left: [], seals: [{ missing: [] }] })
})

describe.concurrent('ordered faults', () => {
  test.for(orderedFaults)('error: $fault on $on ends with node, gate and cause', (fault) =>
    expectOrderedFault(fault, envtest),
  )
})
