import type { S3Client } from '@aws-sdk/client-s3'
import { isIP } from 'node:net'
import type { BucketTarget, Condition, Encryption } from './bucket-store.ts'

/** The SDK's module. It is large: only what writes to a bucket loads it. */
export type S3Module = typeof import('@aws-sdk/client-s3')

export interface S3 {
  readonly sdk: S3Module
  readonly client: S3Client
}

const connectMs = 5_000
/** Without a byte either way; a piece of 8 MiB on a slow line keeps sending. */
const idleMs = 60_000

/** With the standard chain of credentials: environment, profile, web identity, the container's or the machine's account. */
export async function openS3({ region, endpoint }: BucketTarget): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: isLocal(endpoint) }),
    requestHandler: { connectionTimeout: connectMs, requestTimeout: idleMs, throwOnRequestTimeout: true },
  })
  return { sdk, client }
}

/** A bucket cannot be a label before an IP address, and before `localhost` most resolvers know none. */
function isLocal(endpoint: string): boolean {
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || isIP(host) !== 0
}

export function conditionInput(condition: Condition | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (condition === undefined) return {}
  return 'absent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.etag }
}

export function encryptionInput(encryption: Encryption | undefined): {
  ServerSideEncryption?: 'AES256' | 'aws:kms'
  SSEKMSKeyId?: string
} {
  if (encryption === undefined) return {}
  const { algorithm, kmsKeyId } = encryption
  return {
    ServerSideEncryption: algorithm,
    ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }),
  }
}

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  md: 'text/markdown; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
}

/** So that a browser shows what it can. */
export function contentTypeOf(key: string): string {
  return types[/\.([a-z]+)$/.exec(key)?.[1] ?? ''] ?? 'application/octet-stream'
}
