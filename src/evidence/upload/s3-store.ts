import { readFile } from 'node:fs/promises'
import { sha256 } from '../manifest.ts'
import type { BucketStore, BucketTarget, PutOptions } from './bucket-store.ts'
import { conditionInput, contentTypeOf, encryptionInput, openS3, type S3 } from './s3-client.ts'
import { isConditionFailure, isMissing, s3Error } from './s3-errors.ts'
import { putInPieces, type Upload } from './s3-pieces.ts'
import { pieceBytes } from './pieces.ts'

/** The SDK's own base64 of a hash that is known in hex. */
function base64Of(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

/** A bucket by the S3 API. Every write carries its SHA-256, as a checksum that the server verifies and as metadata to compare by. */
export function createS3Store(target: BucketTarget): BucketStore {
  const { bucket: Bucket } = target
  const url = (key: string): string => `s3://${Bucket}/${key}`
  let opened: Promise<S3> | undefined
  const asked = async <T>(what: string, signal: AbortSignal, work: (s3: S3) => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted()
      opened ??= openS3(target)
      return await work(await opened)
    } catch (error) {
      throw s3Error(what, error, signal)
    }
  }
  return {
    target,
    url,
    head: (key, signal) =>
      asked(`${url(key)} cannot be read`, signal, async ({ sdk, client }) => {
        const command = new sdk.HeadObjectCommand({ Bucket, Key: key })
        const found = await client.send(command, { abortSignal: signal }).catch(unlessMissing)
        return found === undefined
          ? undefined
          : { etag: found.ETag ?? '', sha256: found.Metadata?.['sha256'] }
      }),
    read: (key, signal) =>
      asked(`${url(key)} cannot be read`, signal, async ({ sdk, client }) => {
        const command = new sdk.GetObjectCommand({ Bucket, Key: key })
        const found = await client.send(command, { abortSignal: signal }).catch(unlessMissing)
        if (found === undefined) return undefined
        return { text: (await found.Body?.transformToString()) ?? '', etag: found.ETag ?? '' }
      }),
    write: (key, text, options) =>
      asked(`${url(key)} cannot be written`, options.signal, (s3) =>
        putBytes(s3, target, { key, body: Buffer.from(text), hash: sha256(text), ...options }),
      ),
    put: (key, file, options) =>
      asked(`${url(key)} cannot be written`, options.signal, (s3) =>
        putFile(s3, target, { key, file, ...options }),
      ),
    remove: (key, signal) =>
      asked(`${url(key)} cannot be removed`, signal, async ({ sdk, client }) => {
        await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: key }), { abortSignal: signal })
      }),
    close: () => {
      void opened?.then(
        ({ client }) => client.destroy(),
        () => {},
      )
    },
  }
}

interface Bytes extends PutOptions {
  readonly key: string
  readonly body: Uint8Array
  /** SHA-256 of the body, hex. */
  readonly hash: string
}

function putBytes(
  { sdk, client }: S3,
  { bucket, encryption }: BucketTarget,
  { key, body, hash, condition, signal }: Bytes,
): Promise<string | undefined> {
  return unlessCondition(async () => {
    const command = new sdk.PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: contentTypeOf(key),
      Metadata: { sha256: hash },
      ChecksumSHA256: base64Of(hash),
      ...conditionInput(condition),
      ...encryptionInput(encryption),
    })
    return (await client.send(command, { abortSignal: signal })).ETag
  })
}

async function putFile(s3: S3, target: BucketTarget, put: Upload): Promise<string | undefined> {
  const { file } = put
  return file.bytes <= pieceBytes
    ? await putBytes(s3, target, { ...put, body: await readFile(file.path), hash: file.sha256 })
    : await unlessCondition(() => putInPieces(s3, target, put))
}

async function unlessCondition(write: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return (await write()) ?? ''
  } catch (error) {
    if (isConditionFailure(error)) return undefined
    throw error
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}
