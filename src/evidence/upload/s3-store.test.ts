import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startServer, type TestServer } from '../../../test/helpers/http-server.ts'
import type { BucketStore, BucketTarget } from './bucket-store.ts'
import { openBucket } from './open-bucket.ts'

/** What a server of this test answers; S3 itself is met in test/s3. */
async function serve(answer: (response: ServerResponse) => void): Promise<TestServer> {
  const server = await startServer((_, response) => answer(response))
  onTestFinished(() => server.close())
  return server
}

function storeOn(endpoint: string, more: Partial<BucketTarget> = {}): BucketStore {
  const variables = {
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  const store = openBucket({ bucket: 'reports', endpoint, ...more })
  onTestFinished(() => store.close())
  return store
}

const signal = AbortSignal.timeout(30_000)

test('default: a write is conditional, carries its checksum, and asks for encryption', async () => {
  const server = await serve((response) => response.setHeader('ETag', '"e1"').end())
  const encryption = { algorithm: 'aws:kms', kmsKeyId: 'alias/reports' } as const
  const store = storeOn(server.url, { encryption })
  expect(await store.write('a/report.json', '{}', { condition: { absent: true }, signal })).toBe('"e1"')
  await store.write('a/report.json', '{}', { condition: { etag: '"e1"' }, signal })
  const [first, second] = server.seen
  expect(first).toMatchObject({ method: 'PUT', url: '/reports/a/report.json?x-id=PutObject', body: '{}' })
  expect(first?.headers).toMatchObject({
    'if-none-match': '*',
    'content-type': 'application/json',
    'x-amz-checksum-sha256': 'RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=',
    'x-amz-meta-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'alias/reports',
  })
  expect(second?.headers).toMatchObject({ 'if-match': '"e1"' })
})

test.for([
  [412, 'PreconditionFailed'],
  [409, 'ConditionalRequestConflict'],
] as const)('behavior: %s %s says that the condition did not hold', async ([status, name]) => {
  const server = await serve((response) => fail(response, status, name))
  const written = await storeOn(server.url).write('k', '', { condition: { absent: true }, signal })
  expect(written).toBeUndefined()
})

test('behavior: a key that is missing is no error', async () => {
  const server = await serve((response) => fail(response, 404, 'NoSuchKey'))
  const store = storeOn(server.url)
  expect(await store.read('k', signal)).toBeUndefined()
  expect(await store.head('k', signal)).toBeUndefined()
})

test.for([
  [403, 'AccessDenied', 'denied'],
  [403, 'InvalidAccessKeyId', 'credentials'],
  [403, 'SignatureDoesNotMatch', 'credentials'],
  [400, 'ExpiredToken', 'credentials'],
  [404, 'NoSuchBucket', 'no-bucket'],
  [403, 'RequestTimeTooSkewed', 'clock'],
  [301, 'PermanentRedirect', 'region'],
  [400, 'AuthorizationHeaderMalformed', 'region'],
  [503, 'SlowDown', 'unreachable'],
  [400, 'EntityTooLarge', 'refused'],
] as const)('error: %s %s is told as %s', async ([status, name, why]) => {
  const server = await serve((response) => fail(response, status, name))
  await expect(storeOn(server.url).read('k', signal)).rejects.toMatchObject({
    class: 'infra',
    code: 'UPLOAD_FAILED',
    details: { why },
    message: expect.stringContaining(`s3://reports/k cannot be read: ${status} ${name}`),
  })
})

test('error: a server that nobody runs is unreachable, and a signal that has come ends the attempt', async () => {
  const store = storeOn('http://127.0.0.1:1')
  await expect(store.read('k', signal)).rejects.toMatchObject({ details: { why: 'unreachable' } })
  const stopped = AbortSignal.abort(new Error('the budget is spent'))
  await expect(store.read('k', stopped)).rejects.toMatchObject({
    details: { why: 'deadline' },
    message: expect.stringContaining('the budget is spent'),
  })
})

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as said</Message></Error>`)
}
