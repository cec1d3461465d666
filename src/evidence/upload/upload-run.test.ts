import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claim, folderOf, prefix, temporaryFolder } from '../../../test/helpers/run-report.ts'
import type { BucketStore } from './bucket-store.ts'
import { claimRun } from './claim.ts'
import { openBucket } from './open-bucket.ts'
import { uploadRun } from './upload-run.ts'

const mnemonic =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'

interface Place {
  readonly store: BucketStore
  readonly root: string
}

async function bucket(): Promise<Place> {
  const root = join(await temporaryFolder(), 'reports')
  return { store: openBucket({ bucket: `file:${root}` }), root }
}

async function stored(root: string, path: string): Promise<string | undefined> {
  return await readFile(join(root, prefix, path), 'utf8').catch(() => undefined)
}

test('default: a folder becomes a report below its prefix, the manifest tells of all of it', async () => {
  const { store, root } = await bucket()
  const folder = await folderOf({
    'report.json': '{}',
    'evidence/logs/a.log': 'one',
    'evidence/manifest.json': '{}',
  })
  const result = await uploadRun(store, folder, claim())
  expect(result).toMatchObject({ state: 'complete', sent: 3, kept: 0, bytes: 7, redacted: [] })
  const manifest = JSON.parse((await stored(root, 'manifest.json')) ?? '') as {
    snapshot: string
    files: { path: string }[]
  }
  expect(manifest.files.map(({ path }) => path)).toEqual([
    'evidence/logs/a.log',
    'evidence/manifest.json',
    'report.json',
  ])
  expect(manifest.snapshot).toBe('2026-11-21T12:00:00.000Z/terminal/workflow-run')
  expect(await stored(root, 'evidence/logs/a.log')).toBe('one')
  expect(await readdir(join(root, '.incoming'))).toEqual([])
})

test('behavior: a repetition sends nothing, a changed file alone is sent', async () => {
  const { store, root } = await bucket()
  const folder = await folderOf({ 'report.json': '{}', 'summary.md': '# PASS' })
  await uploadRun(store, folder, claim())
  expect(await uploadRun(store, folder, claim())).toMatchObject({ state: 'complete', sent: 0, kept: 2 })
  await writeFile(join(folder, 'summary.md'), '# FAIL')
  expect(await uploadRun(store, folder, claim())).toMatchObject({ state: 'complete', sent: 1, kept: 1 })
  expect(await stored(root, 'summary.md')).toBe('# FAIL')
})

test('error: a run id that another run has is refused, and nothing of that run is touched', async () => {
  const { store, root } = await bucket()
  await uploadRun(store, await folderOf({ 'report.json': 'first' }), claim())
  const second = uploadRun(store, await folderOf({ 'report.json': 'second' }), claim({ nonce: 'n2' }))
  await expect(second).rejects.toMatchObject({
    code: 'RUN_ID_TAKEN',
    class: 'usage',
    message: expect.stringContaining('run id r1 is taken by another run of release-test, since 20'),
  })
  expect(await stored(root, 'report.json')).toBe('first')
})

test('error: of many runs that claim one id at once, one gets it', async () => {
  const { store } = await bucket()
  const signal = AbortSignal.timeout(20_000)
  const nonces = Array.from({ length: 8 }, (_, at) => `n${at}`)
  const claims = await Promise.allSettled(nonces.map((nonce) => claimRun(store, claim({ nonce }), signal)))
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('behavior: the terminal snapshot replaces a running one, and is not replaced by one', async () => {
  const { store, root } = await bucket()
  const running = claim({ terminal: false, writer: 'upload-report', takenAt: '2026-11-21T13:00:00.000Z' })
  const early = await folderOf({ 'workflow.yaml': 'running' })
  await uploadRun(store, early, running)
  await uploadRun(store, await folderOf({ 'workflow.yaml': 'over', 'report.json': '{}' }), claim())
  expect(await stored(root, 'workflow.yaml')).toBe('over')
  expect(await uploadRun(store, early, running)).toMatchObject({ state: 'superseded', sent: 0 })
  expect(await stored(root, 'workflow.yaml')).toBe('over')
  expect(await stored(root, 'manifest.json')).toContain('/terminal/workflow-run')
})

test('behavior: two writers of one run at once end with the later terminal one, whole', async () => {
  const { store, root } = await bucket()
  const names = Array.from({ length: 30 }, (_, at) => `f${at}.txt`)
  const folder = (content: string) =>
    folderOf(Object.fromEntries(names.map((name) => [name, `${content} ${name}`])))
  const later = claim({ writer: 'b', takenAt: '2026-11-21T12:00:01.000Z' })
  const results = await Promise.all([
    uploadRun(store, await folder('early'), claim({ terminal: false })),
    uploadRun(store, await folder('first'), claim()),
    uploadRun(store, await folder('second'), later),
  ])
  expect(results[2]?.state).toBe('complete')
  for (const name of names) expect(await stored(root, name)).toBe(`second ${name}`)
  expect(await stored(root, 'manifest.json')).toContain('12:00:01.000Z/terminal/b')
})

test('default: no known secret is in any byte that is sent, however it is spelt', async () => {
  const { store, root } = await bucket()
  const words = mnemonic.split(' ')
  const folder = await folderOf({
    'orchestrator.log': `generated ${mnemonic}\n`,
    'workflownodes.yaml': `context: ${JSON.stringify(words.join('\n'))}\n`,
    'evidence/secret.txt': Buffer.from(mnemonic).toString('base64'),
    'long.log': `${'x'.repeat(79)}\n`.repeat(60_000) + mnemonic + `\n${'y'.repeat(79)}`.repeat(60_000),
    'clean.txt': 'grüße ✓\n',
  })
  const result = await uploadRun(store, folder, claim(), { secrets: [mnemonic] })
  expect(result.redacted).toEqual([
    'evidence/secret.txt',
    'long.log',
    'orchestrator.log',
    'workflownodes.yaml',
  ])
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((one) => one.isFile())) {
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8')
    for (const word of ['slush', 'clutch', Buffer.from(mnemonic).toString('base64').slice(8, 40)])
      expect(text).not.toContain(word)
  }
  expect(await stored(root, 'clean.txt')).toBe('grüße ✓\n')
  expect((await stored(root, 'long.log'))?.length).toBe(2 * 80 * 60_000 + '[redacted]'.length)
})

test('error: a folder that cannot be written leaves the report and says how to finish', async () => {
  const root = await temporaryFolder()
  await writeFile(join(root, 'file'), '')
  const store = openBucket({ bucket: `file:${join(root, 'file')}` })
  const folder = await folderOf({ 'report.json': '{}' })
  await expect(uploadRun(store, folder, claim())).rejects.toMatchObject({
    code: 'UPLOAD_FAILED',
    hint: expect.stringContaining(`seitask report upload '${folder}' finishes it`),
    details: { why: 'refused', folder },
  })
  expect(await readdir(folder)).toEqual(['report.json', 'upload.json'])
})

test('error: an upload that is stopped says so, and how to finish it', async () => {
  const { store } = await bucket()
  const folder = await folderOf({ 'report.json': '{}' })
  await expect(uploadRun(store, folder, claim(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    class: 'cancelled',
    message: expect.stringContaining(`seitask report upload '${folder}' finishes it`),
  })
})

test.for([
  ['s3://reports/nightly', 'leave out s3://'],
  ['Reports', 'is no name of a bucket'],
  ['file:', 'the folder is missing'],
] as const)('error: the bucket %s is refused', ([name, message]) => {
  expect(() => openBucket({ bucket: name })).toThrow(message)
})

test.for([
  [{ endpoint: 'reports.test' }, 'it is no HTTP URL'],
  [{ endpoint: 'https://key:secret@reports.test' }, 'it holds credentials'],
  [{ encryption: { algorithm: 'AES256', kmsKeyId: 'k' } }, 'the encryption is not KMS'],
] as const)('error: %j is refused', ([options, message]) => {
  expect(() => openBucket({ bucket: 'reports', env: {}, ...options })).toThrow(message)
})

test('default: region and endpoint come from the options, else the environment, else the default', () => {
  const env = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }
  expect(openBucket({ bucket: 'reports', env }).target).toMatchObject({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
  })
  expect(openBucket({ bucket: 'reports', env, region: 'us-east-1' }).target.region).toBe('us-east-1')
  expect(openBucket({ bucket: 'reports', env: {} }).target.region).toBe('eu-central-1')
})
