import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openBucket } from '../../src/evidence/upload/open-bucket.ts'
import { uploadRun } from '../../src/evidence/upload/upload-run.ts'
import { claim, folderOf, prefix } from '../helpers/run-report.ts'
import { addLarge, megabyte, useS3 } from './world.ts'

const s3 = useS3()
const impatient = { unreachableMs: 0 }

test('default: a report is in its bucket, whole, with its manifest and its claim', async () => {
  const folder = await folderOf({ 'report.json': '{}', 'evidence/logs/a b.log': 'grüße', 'empty.txt': '' })
  const result = await uploadRun(s3.store(), folder, claim())
  expect(result).toMatchObject({ state: 'complete', sent: 3, url: `s3://${s3.bucket.name}/${prefix}` })
  expect(await s3.bucket.keys()).toEqual(
    ['empty.txt', 'evidence/logs/a b.log', 'manifest.json', 'report.json', 'run.json'].map(
      (path) => `${prefix}/${path}`,
    ),
  )
  expect(await s3.bucket.differences(prefix)).toEqual([])
  expect(await uploadRun(s3.store(), folder, claim())).toMatchObject({ sent: 0, kept: 3 })
})

test('default: 200 MB go in pieces, and come back as they were', async () => {
  const folder = await folderOf({ 'report.json': '{}' })
  await addLarge(folder, 'evidence.bin', 200 * megabyte)
  const result = await uploadRun(s3.store(), folder, claim())
  expect(result).toMatchObject({ state: 'complete', sent: 2, bytes: 200 * megabyte + 2 })
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test.for([
  ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'another secret' }, 'credentials', 'SignatureDoesNotMatch'],
  ['an unknown key', { AWS_ACCESS_KEY_ID: 'nobody' }, 'credentials', 'InvalidAccessKeyId'],
  ['no key at all', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 'credentials', 'credentials'],
] as const)('error: %s is told as such, at once, and nothing is stored', async ([, env, why, word]) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const folder = await folderOf({ 'report.json': '{}' })
  await expect(uploadRun(s3.store(), folder, claim())).rejects.toMatchObject({
    code: 'UPLOAD_FAILED',
    details: { why },
    message: expect.stringContaining(word),
    hint: expect.stringContaining('seitask report upload'),
  })
  expect(await s3.bucket.keys()).toEqual([])
  expect(await readdir(folder)).toEqual(['report.json', 'upload.json'])
})

test('error: credentials never reach the folder of a report', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another secret')
  const folder = await folderOf({ 'report.json': '{}' })
  await uploadRun(s3.store(), folder, claim()).catch(() => {})
  expect(await readFile(join(folder, 'upload.json'), 'utf8')).not.toContain('secret')
})

test('error: a bucket that does not exist is not made', async () => {
  const store = openBucket({ bucket: `none-${randomUUID()}`, endpoint: s3.server.url })
  const upload = uploadRun(store, await folderOf({ 'report.json': '{}' }), claim())
  await expect(upload).rejects.toMatchObject({ code: 'UPLOAD_FAILED', details: { why: 'no-bucket' } })
  store.close()
})

test('error: a server that is not there is tried for as long as was said', async () => {
  const notices: string[] = []
  const onNotice = (line: string): void => void notices.push(line)
  const store = openBucket({ bucket: 'reports', endpoint: 'http://127.0.0.1:1' })
  const folder = await folderOf({ 'report.json': '{}' })
  const upload = uploadRun(store, folder, claim(), { unreachableMs: 600, onNotice })
  await expect(upload).rejects.toMatchObject({ code: 'UPLOAD_FAILED', details: { why: 'unreachable' } })
  expect(notices).toEqual([expect.stringContaining('trying again')])
  store.close()
})

test('error: the budget ends an upload that a server holds up', async () => {
  const store = openBucket({ bucket: 'reports', endpoint: 'http://127.0.0.1:1' })
  const upload = uploadRun(store, await folderOf({ 'report.json': '{}' }), claim(), { budgetMs: 500 })
  await expect(upload).rejects.toMatchObject({ code: 'UPLOAD_FAILED' })
  store.close()
})

test('error: a run id that another run has is refused, and its report stays', async () => {
  await uploadRun(s3.store(), await folderOf({ 'report.json': 'first' }), claim(), impatient)
  const second = uploadRun(s3.store(), await folderOf({ 'report.json': 'second' }), claim({ nonce: 'n2' }))
  await expect(second).rejects.toMatchObject({ class: 'usage', code: 'RUN_ID_TAKEN' })
  expect(await s3.bucket.text(`${prefix}/report.json`)).toBe('first')
})

test('error: of many runs that claim one id at once, one gets it', async () => {
  const folders = await Promise.all(
    Array.from({ length: 6 }, (_, at) => folderOf({ 'report.json': `of run ${at}` })),
  )
  const uploads = await Promise.allSettled(
    folders.map((folder, at) => uploadRun(s3.store(), folder, claim({ nonce: `n${at}` }))),
  )
  const winners = uploads.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []))
  expect(winners).toHaveLength(1)
  expect(await s3.bucket.text(`${prefix}/report.json`)).toBe(`of run ${winners[0]}`)
  for (const upload of uploads)
    if (upload.status === 'rejected') expect(upload.reason).toMatchObject({ code: 'RUN_ID_TAKEN' })
})

test('behavior: the terminal report replaces a running one, and is not replaced by one', async () => {
  const running = claim({ terminal: false, writer: 'upload-report', takenAt: '2026-11-21T13:00:00.000Z' })
  const early = await folderOf({ 'workflow.yaml': 'running' })
  await uploadRun(s3.store(), early, running)
  await uploadRun(s3.store(), await folderOf({ 'workflow.yaml': 'over', 'report.json': '{}' }), claim())
  expect(await s3.bucket.text(`${prefix}/workflow.yaml`)).toBe('over')
  expect(await uploadRun(s3.store(), early, running)).toMatchObject({ state: 'superseded', sent: 0 })
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test('behavior: two writers of one run at once end with the later terminal report, whole', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `f${at}.txt`)
  const folder = (content: string) =>
    folderOf(Object.fromEntries(names.map((name) => [name, `${content} ${name}`])))
  const later = claim({ writer: 'b', takenAt: '2026-11-21T12:00:01.000Z' })
  const [early, first, second] = await Promise.all(['early', 'first', 'second'].map(folder))
  const [, , last] = await Promise.all([
    uploadRun(s3.store(), early ?? '', claim({ terminal: false })),
    uploadRun(s3.store(), first ?? '', claim()),
    uploadRun(s3.store(), second ?? '', later),
  ])
  expect(last?.state).toBe('complete')
  expect(await s3.bucket.differences(prefix)).toEqual([])
  for (const name of names) expect(await s3.bucket.text(`${prefix}/${name}`)).toBe(`second ${name}`)
  expect(await s3.bucket.text(`${prefix}/manifest.json`)).toContain('12:00:01.000Z/terminal/b')
})
