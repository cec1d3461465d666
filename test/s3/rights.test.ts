import { execa } from 'execa'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { uploadRun } from '../../src/evidence/upload/upload-run.ts'
import { s3Server, s3ServerFolder } from '../../ci/parts/s3-server.ts'
import { rootKeys } from '../helpers/s3-server.ts'
import { claim, folderOf, prefix } from '../helpers/run-report.ts'
import { useS3 } from './world.ts'

const s3 = useS3()
let users = 0

/** An account that may do these things below the prefix, and nothing else. */
async function become(actions: readonly string[]): Promise<void> {
  users += 1
  const user = { access: `user-${users}`, secret: `secret of user ${users}` }
  await execa(join(s3ServerFolder(process.env), s3Server.program), [
    'admin',
    '--access',
    rootKeys.accessKeyId,
    '--secret',
    rootKeys.secretAccessKey,
    '--region',
    'eu-central-1',
    '--endpoint-url',
    s3.server.url,
    'create-user',
    '--access',
    user.access,
    '--secret',
    user.secret,
    '--role',
    'user',
  ])
  await s3.bucket.allow(user.access, actions, `${prefix}/*`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', user.access)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', user.secret)
}

test('behavior: an account that may only write brings a report of a fresh run, whole', async () => {
  await become(['s3:PutObject'])
  const folder = await folderOf({ 'report.json': '{}', 'summary.md': '# PASS' })
  expect(await uploadRun(s3.store(), folder, claim())).toMatchObject({ state: 'complete', sent: 2 })
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test('error: an account that may only write cannot join a run, and is told which right it lacks', async () => {
  await uploadRun(s3.store(), await folderOf({ 'report.json': '{}' }), claim({ terminal: false }))
  await become(['s3:PutObject'])
  await expect(uploadRun(s3.store(), await folderOf({ 'report.json': '{}' }), claim())).rejects.toMatchObject(
    {
      code: 'UPLOAD_FAILED',
      details: { why: 'denied' },
      hint: expect.stringContaining('s3:GetObject'),
    },
  )
})

test('behavior: an account that may not delete replaces a report, and the manifest says which is complete', async () => {
  await uploadRun(s3.store(), await folderOf({ 'report.json': '{}' }), claim({ terminal: false }))
  await become(['s3:PutObject', 's3:GetObject'])
  const folder = await folderOf({ 'report.json': '{"over": true}' })
  expect(await uploadRun(s3.store(), folder, claim())).toMatchObject({ state: 'complete', sent: 1 })
  expect(await s3.bucket.differences(prefix)).toEqual([])
})

test('error: an account that may do nothing is told so at once', async () => {
  await become(['s3:GetObject'])
  await expect(uploadRun(s3.store(), await folderOf({ 'report.json': '{}' }), claim())).rejects.toMatchObject(
    {
      details: { why: 'denied' },
    },
  )
  expect(await s3.bucket.keys()).toEqual([])
})
