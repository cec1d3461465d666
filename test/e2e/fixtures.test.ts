import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifySeal } from '../../src/evidence/seal.ts'
import { suite, tempProject } from '../helpers/temp-project.ts'

test('default: every fixture does what it says', async () => {
  await using project = await tempProject({
    'fixtures.test.ts': await suite('fixtures'),
    'evidence.test.ts': await suite('evidence'),
  })
  const { exitCode, output, receipt, folder = '' } = await project.run(['--testTimeout=60000'])
  expect(exitCode, output).toBe(0)
  expect(receipt?.left).toEqual([])
  // What tests have made and deleted themselves is on the receipt as well, with what came of it.
  const existed = receipt?.existed.map(({ kind, name }) => `${kind} ${name.replace(/^sei-\w+-/, '')}`)
  expect(existed).toEqual(expect.arrayContaining(['SeiNode 1-more', 'SeiNetwork 1-b', 'SeiNode 1-b-0']))
  expect(receipt?.deleted).toEqual(receipt?.existed)
  for (const { folder, manifestSha256, missing } of receipt?.seals ?? []) {
    expect(missing).toEqual([])
    expect(await verifySeal(folder, manifestSha256)).toEqual([])
  }
  const [network = ''] = await readdir(join(folder, 'evidence'))
  const labels = await readdir(join(folder, 'evidence', network))
  expect(labels.toSorted()).toEqual(['before', 'final', 'twice', 'twice-2'])
  for (const label of labels) expect(await verifySeal(join(folder, 'evidence', network, label))).toEqual([])
})

test('error: the admin’s key is in no output, report or file of the run, whatever a test does with it', async () => {
  await using project = await tempProject({ 'secrets.test.ts': await suite('secrets') })
  const {
    exitCode,
    output,
    folder = '',
  } = await project.run(['default', 'json', 'junit', 'verbose', 'tap'].map((name) => `--reporter=${name}`))
  expect(exitCode, output).toBe(1)
  expect(output).toMatch(/3 tests|Tests .*1 failed \| 2 passed/)
  const key = await project.read('canary')
  const written = [
    output,
    ...(await Promise.all([texts(folder), texts(join(project.root, '.vitest'))])).flat(),
  ]
  expect(written.length).toBeGreaterThan(10)
  for (const text of written) {
    for (const spelling of spellings(key)) expect(text).not.toContain(spelling)
  }
})

/** Every file below, as text. */
async function texts(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))
}

function spellings(key: string): string[] {
  const bare = key.slice(2)
  const base64 = [key, bare, Buffer.from(bare, 'hex')].map((one) => Buffer.from(one).toString('base64'))
  return [bare, bare.toUpperCase(), ...base64.map((text) => text.replace(/=+$/, ''))]
}
