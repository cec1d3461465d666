/** What must hold of the object for a write to be made; the store looks and writes in one step. */
export type Condition = { readonly absent: true } | { readonly etag: string }

/** What a store knows of an object without reading it. */
export interface StoredObject {
  /** Changes with every write. */
  readonly etag: string
  /** Of its content, lower-case hex; undefined where whoever wrote it did not say. */
  readonly sha256?: string | undefined
}

/** A file of the disk that is to be stored; it is read in pieces, however large. */
export interface StoredFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface PutOptions {
  readonly condition?: Condition | undefined
  readonly signal: AbortSignal
  /** Pieces of a large file that a server already has, from an attempt that was cut off; kept current while it goes on. */
  readonly pieces?: PieceMemory | undefined
  /** Called while a large file is on its way: the server answers. */
  readonly onProgress?: (() => void) | undefined
}

/** Remembers uploads in pieces across attempts and processes. */
export interface PieceMemory {
  /** Id that the server gave to the unfinished upload of this content. */
  get(): string | undefined
  set(uploadId: string | undefined): Promise<void>
}

/** Where a store is, as it can be written down and opened again. No credentials. */
export interface BucketTarget {
  /** Name of an S3 bucket, or `file:<folder>`. */
  readonly bucket: string
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
  readonly encryption?: Encryption | undefined
}

/** `AES256` is SSE-S3; `aws:kms` takes the bucket's own key where none is named. */
export interface Encryption {
  readonly algorithm: 'AES256' | 'aws:kms'
  readonly kmsKeyId?: string | undefined
}

/**
 * A place for reports: keys with content, read after write. All methods throw UPLOAD_FAILED for what waiting may mend or not
 * (`details.why`), and end with the signal.
 */
export interface BucketStore {
  readonly target: BucketTarget
  /** Of a key, for people: `s3://bucket/key`. */
  url(key: string): string
  head(key: string, signal: AbortSignal): Promise<StoredObject | undefined>
  read(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly etag: string } | undefined>
  /** Resolves to the new etag, or to undefined where the condition did not hold. */
  write(key: string, text: string, options: PutOptions): Promise<string | undefined>
  put(key: string, file: StoredFile, options: PutOptions): Promise<string | undefined>
  /** Not-found is success. */
  remove(key: string, signal: AbortSignal): Promise<void>
  close(): void
}
