import { execa } from 'execa'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { uploadRun } from '../../src/evidence/upload/upload-run.ts'
import { countBytes, type ByteCounter } from '../helpers/byte-counter.ts'
import { claim, folderOf, prefix } from '../helpers/run-report.ts'
import { addLarge, awsEnvironment, megabyte, useS3 } from './world.ts'

const s3 = useS3()
const root = join(import.meta.dirname, '../..')
const seitask = join(root, 'src/cli/main.ts')

const largeBytes = 200 * megabyte
/** What may be sent twice: pieces that were on their way when it was cut off. */
const slackBytes = 80 * megabyte

async function counted(): Promise<ByteCounter> {
  const counter = await countBytes(s3.server.url)
  onTestFinished(() => counter.close())
  return counter
}

async function large(): Promise<string> {
  const folder = await folderOf({ 'report.json': '{}', 'summary.md': '# PASS' })
  await addLarge(folder, 'evidence.bin', largeBytes)
  return folder
}

function reportUpload(folder: string, ...more: string[]) {
  return execa(process.execPath, [seitask, 'report', 'upload', folder, ...more], {
    env: { ...awsEnvironment },
    reject: false,
  })
}

test('behavior: a server that is killed mid-upload and comes back gets the rest, in the same upload', async () => {
  const counter = await counted()
  const folder = await large()
  const upload = uploadRun(s3.store(counter.url), folder, claim())
  await counter.after(100 * megabyte)
  await s3.server.kill()
  await s3.server.start()
  expect(await upload).toMatchObject({ state: 'complete', sent: 3 })
  expect(counter.sent()).toBeLessThan(largeBytes + slackBytes)
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test('behavior: a server that stays away leaves the report, and the command it says finishes it', async () => {
  const counter = await counted()
  const folder = await large()
  const upload = uploadRun(s3.store(counter.url), folder, claim(), { unreachableMs: 1_000 })
  const failed = expect(upload).rejects.toMatchObject({
    code: 'UPLOAD_FAILED',
    details: { why: 'unreachable' },
    hint: expect.stringContaining(`seitask report upload '${folder}' finishes it`),
  })
  await counter.after(100 * megabyte)
  await s3.server.kill()
  await failed
  await s3.server.start()
  expect(await s3.bucket.keys()).not.toContain(`${prefix}/manifest.json`)
  const { exitCode, stdout, stderr } = await reportUpload(folder)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toBe(`s3://${s3.bucket.name}/${prefix} is complete: 1 files sent, 2 were there`)
  expect(counter.sent()).toBeLessThan(largeBytes + slackBytes)
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test('behavior: what a killed process began, another one finishes', async () => {
  const counter = await counted()
  const folder = await large()
  const spool = { target: s3.store(counter.url).target, claim: claim() }
  const script = `
    import { openBucket } from ${JSON.stringify(join(root, 'src/evidence/upload/open-bucket.ts'))}
    import { uploadRun } from ${JSON.stringify(join(root, 'src/evidence/upload/upload-run.ts'))}
    const { target, claim } = ${JSON.stringify(spool)}
    await uploadRun(openBucket(target), ${JSON.stringify(folder)}, claim)`
  const first = execa(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...awsEnvironment },
    reject: false,
  })
  await counter.after(100 * megabyte)
  first.kill('SIGKILL')
  await first
  const { exitCode } = await reportUpload(folder)
  expect(exitCode).toBe(0)
  expect(counter.sent()).toBeLessThan(largeBytes + slackBytes)
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test.for([-2 * 3_600_000, 2 * 3_600_000])(
  'behavior: a clock that is off by %s ms does not keep a report back',
  async (shiftMs) => {
    const folder = await folderOf({ 'report.json': '{}' })
    const failing = uploadRun(s3.store('http://127.0.0.1:1'), folder, claim(), { unreachableMs: 0 })
    await failing.catch(() => {})
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ['--import', join(import.meta.dirname, 'shift-clock.ts'), seitask, 'report', 'upload', folder].concat(
        '--endpoint',
        s3.server.url,
      ),
      { env: { ...awsEnvironment, CLOCK_SHIFT_MS: String(shiftMs) }, reject: false },
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('is complete')
    expect(await s3.bucket.differences(prefix)).toEqual([])
  },
)

test('error: a repetition after a change of the folder sends what changed, and says what is there', async () => {
  const folder = await folderOf({ 'report.json': '{}', 'summary.md': '# PASS' })
  await uploadRun(s3.store(), folder, claim())
  const { stdout } = await reportUpload(folder, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ event: 'upload', state: 'complete', sent: 0, kept: 2 })
  const spool = JSON.parse(await readFile(join(folder, 'upload.json'), 'utf8')) as { completedAt: string }
  expect(Date.parse(spool.completedAt)).toBeGreaterThan(0)
  const hash = createHash('sha256').update('{}').digest('hex')
  expect(await s3.bucket.text(`${prefix}/manifest.json`)).toContain(hash)
})
