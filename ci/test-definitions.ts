/**
 * Runs the e2e tests with real definitions in place of ours:
 *
 *   npm run test:definitions -- <folder> [--envtest] [arguments of Vitest]
 *
 * The folder is the one that `npm run check:crds` takes; every file of it or below it that has definitions of today's
 * kinds counts, other eras in folders of their own do not. On the embedded server, or with `--envtest` on the real one.
 * Fails with one line when it cannot begin.
 */
import { globSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { execa } from 'execa'
import { readDefinitions } from '../src/kube/read-definitions.ts'
import type { Home } from '../test/helpers/home.ts'

const [folder, ...rest] = process.argv.slice(2)
if (folder === undefined || folder.startsWith('-')) {
  console.error('usage: npm run test:definitions -- <folder with the real CRDs> [--envtest]')
  process.exit(64)
}
const mode = rest.includes('--envtest') ? 'envtest' : 'embedded'
const home: Home = { mode, definitions: await definitionsBelow(folder) }
console.log(
  `definitions: those of ${home.definitions}, on ${mode === 'embedded' ? 'the embedded' : 'a real'} API server`,
)
if (mode === 'envtest') {
  const parts = await execa(process.execPath, ['ci/parts.ts'], { stdio: 'inherit', reject: false })
  if (parts.exitCode !== 0) process.exit(parts.exitCode ?? 1)
}
const { exitCode } = await execa(
  'vitest',
  ['run', '--config', 'test/definitions/vitest.config.ts', ...rest.filter((one) => one !== '--envtest')],
  { stdio: 'inherit', reject: false, preferLocal: true, env: { SEI_TEST_HOME: JSON.stringify(home) } },
)
process.exit(exitCode ?? 1)

/** The one folder that has SeiNetwork and SeiNode. */
async function definitionsBelow(root: string): Promise<string> {
  const files = globSync('**/*.{yaml,yml,json}', { cwd: root })
  const folders = [...new Set(files.map((file) => resolve(root, dirname(file))))].toSorted()
  const read = await Promise.all(folders.map(async (path) => ({ path, read: await readDefinitions(path) })))
  const complete = read.filter(({ read: { ok } }) => ok).map(({ path }) => path)
  const [only] = complete
  if (only !== undefined && complete.length === 1) return only
  const found = complete.length === 0 ? 'none' : complete.join(' and ')
  console.error(
    `definitions: one folder at or below ${root} must define SeiNetwork and SeiNode; found ${found}`,
  )
  return process.exit(1)
}
