import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { BucketTarget, PutOptions, StoredFile } from './bucket-store.ts'
import { inParallel } from './in-parallel.ts'
import { piecesOf, type Piece } from './pieces.ts'
import { conditionInput, contentTypeOf, encryptionInput, type S3 } from './s3-client.ts'
import { isConditionFailure, isMissing } from './s3-errors.ts'

/** Pieces on their way at once. */
const parallel = 4

export interface Upload extends PutOptions {
  readonly key: string
  readonly file: StoredFile
}

/** A piece that the server holds. */
interface SentPiece {
  readonly PartNumber: number
  readonly ETag: string | undefined
  readonly ChecksumSHA256: string | undefined
}

/**
 * Stores a large file in pieces, each verified by the server. What an earlier attempt has sent, in whatever process, is not
 * sent again: its id is in `pieces`. An attempt that fails leaves its pieces there for the next.
 */
export async function putInPieces(s3: S3, target: BucketTarget, upload: Upload): Promise<string | undefined> {
  const { sdk, client } = s3
  const { key: Key, file, condition, signal, pieces } = upload
  const { uploadId, sent } = await begin(s3, target, upload)
  const at = { Bucket: target.bucket, Key, UploadId: uploadId }
  const parts = await sendAll(file, sent, async (piece, Body, checksum) => {
    const part = { ...at, PartNumber: piece.number, Body, ChecksumSHA256: checksum }
    const answer = await client.send(new sdk.UploadPartCommand(part), { abortSignal: signal })
    upload.onProgress?.()
    return { PartNumber: piece.number, ETag: answer.ETag, ChecksumSHA256: checksum }
  })
  try {
    const command = new sdk.CompleteMultipartUploadCommand({
      ...at,
      MultipartUpload: { Parts: parts },
      ...conditionInput(condition),
    })
    const { ETag } = await client.send(command, { abortSignal: signal })
    await pieces?.set(undefined)
    return ETag
  } catch (error) {
    if (isConditionFailure(error)) {
      await pieces?.set(undefined)
      await client.send(new sdk.AbortMultipartUploadCommand(at), { abortSignal: signal }).catch(() => {})
    }
    throw error
  }
}

async function begin(
  s3: S3,
  target: BucketTarget,
  upload: Upload,
): Promise<{ uploadId: string; sent: ReadonlyMap<number, SentPiece> }> {
  const known = upload.pieces?.get()
  const sent = known === undefined ? undefined : await sentPieces(s3, target, upload, known)
  if (known !== undefined && sent !== undefined) return { uploadId: known, sent }
  const command = new s3.sdk.CreateMultipartUploadCommand({
    Bucket: target.bucket,
    Key: upload.key,
    ContentType: contentTypeOf(upload.key),
    Metadata: { sha256: upload.file.sha256 },
    // Without it the pieces' own checksums are refused.
    ChecksumAlgorithm: 'SHA256',
    ...encryptionInput(target.encryption),
  })
  const { UploadId = '' } = await s3.client.send(command, { abortSignal: upload.signal })
  await upload.pieces?.set(UploadId)
  return { uploadId: UploadId, sent: new Map() }
}

/** Undefined where the server knows that upload no more, or does not tell: then it is begun anew. */
async function sentPieces(
  { sdk, client }: S3,
  { bucket }: BucketTarget,
  { key, signal }: Upload,
  uploadId: string,
): Promise<Map<number, SentPiece> | undefined> {
  const found = new Map<number, SentPiece>()
  let after: string | undefined
  try {
    // By hand: servers name a next page after the last one as well, and the SDK's own paging then never ends.
    do {
      const at = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumberMarker: after }
      const page = await client.send(new sdk.ListPartsCommand(at), { abortSignal: signal })
      for (const { PartNumber = 0, ETag, ChecksumSHA256 } of page.Parts ?? [])
        found.set(PartNumber, { PartNumber, ETag, ChecksumSHA256 })
      after = page.IsTruncated === true ? page.NextPartNumberMarker : undefined
    } while (after !== undefined)
    return found
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return undefined
    throw error
  }
}

/** The right to write does not hold that to list pieces. */
function isForbidden(error: unknown): boolean {
  return (
    (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 403
  )
}

type Send = (piece: Piece, body: Uint8Array, checksum: string) => Promise<SentPiece>

/** All pieces by number; those that the server has with the same checksum are only read. */
async function sendAll(
  { path, bytes }: StoredFile,
  sent: ReadonlyMap<number, SentPiece>,
  send: Send,
): Promise<SentPiece[]> {
  const done: SentPiece[] = []
  const file = await open(path)
  try {
    await inParallel(piecesOf(bytes), parallel, async (piece) => {
      const body = await readPiece(file, path, piece)
      const checksum = createHash('sha256').update(body).digest('base64')
      const known = sent.get(piece.number)
      done.push(known?.ChecksumSHA256 === checksum ? known : await send(piece, body, checksum))
    })
  } finally {
    await file.close()
  }
  return done.sort((a, b) => a.PartNumber - b.PartNumber)
}

async function readPiece(file: FileHandle, path: string, { start, bytes }: Piece): Promise<Uint8Array> {
  const body = Buffer.allocUnsafe(bytes)
  const { bytesRead } = await file.read(body, 0, bytes, start)
  if (bytesRead < bytes) throw new Error(`${path} became shorter while it was read`)
  return body
}
