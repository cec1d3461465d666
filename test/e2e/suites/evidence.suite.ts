/** The `evidence` fixture as a user's test uses it; run by fixtures.test.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest-environment-sei/test'

test('keeps the network as it is, under a label', async ({ evidence, network }) => {
  const seal = await evidence.capture('before')
  expect(seal).toMatchObject({ missing: [], manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(seal.folder).toBe(join(evidence.folder, 'evidence', network.name, 'before'))
  const manifest = JSON.parse(readFileSync(join(seal.folder, 'manifest.json'), 'utf8')) as {
    files: { path: string }[]
  }
  for (const { path } of manifest.files) expect(existsSync(join(seal.folder, path))).toBe(true)
  const paths = manifest.files.map(({ path }) => path)
  for (const { name } of network.validators) expect(paths).toContain(`nodes/${name}/status.json`)
})

test('a label taken twice keeps both', async ({ evidence }) => {
  const [first, second] = [await evidence.capture('twice'), await evidence.capture('twice')]
  expect(second.folder).not.toBe(first.folder)
  expect(existsSync(join(first.folder, 'manifest.json'))).toBe(true)
})

test('a text is kept beside it, and a second of its name too', async ({ evidence }) => {
  const path = await evidence.attach('notes.txt', 'what I saw')
  expect(readFileSync(path, 'utf8')).toBe('what I saw')
  const other = await evidence.attach('notes.txt', 'what I saw next')
  expect(other).not.toBe(path)
  expect(readFileSync(path, 'utf8')).toBe('what I saw')
})

test('names are names, and the last capture’s is taken', async ({ evidence }) => {
  for (const bad of ['../escape', 'a/b', '', '.hidden', 'final']) {
    await expect(evidence.capture(bad)).rejects.toMatchObject({ class: 'usage' })
  }
  await expect(evidence.attach('../../escape.txt', '')).rejects.toMatchObject({ class: 'usage' })
})
