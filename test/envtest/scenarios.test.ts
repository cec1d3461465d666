import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from '../helpers/pack.ts'
import { tempProject } from '../helpers/temp-project.ts'

test('default: the release test passes on a real API server', async () => {
  const files = ['mode.ts', 'vitest.config.ts', 'release-test/release.test.ts']
  const texts = files.map(async (path) => [path, await readFile(join(repository, 'scenarios', path), 'utf8')])
  await using project = await tempProject(
    Object.fromEntries(await Promise.all(texts)) as Record<string, string>,
  )
  const { exitCode, output, receipt } = await project.run()
  expect(output).toContain('mode envtest')
  expect(exitCode, output).toBe(0)
  expect(receipt).toMatchObject({ left: [], seals: [{ missing: [] }] })
})
