import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectFirstRun } from '../helpers/first-run.ts'
import { expectOrderedFault, orderedFaults } from '../helpers/ordered-faults.ts'
import { repository } from '../helpers/pack.ts'
import { tempProject } from '../helpers/temp-project.ts'
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

describe.concurrent('ordered faults', () => {
  test.for(orderedFaults)('error: $fault on $on ends with node, gate and cause', (fault) =>
    expectOrderedFault(fault, envtest),
  )
})
