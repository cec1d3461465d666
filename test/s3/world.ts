import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, onTestFinished, vi } from 'vitest'
import type { BucketStore } from '../../src/evidence/upload/bucket-store.ts'
import { openBucket } from '../../src/evidence/upload/open-bucket.ts'
import { ReportBucket } from '../helpers/report-bucket.ts'
import { rootKeys, startS3Server, type S3Server } from '../helpers/s3-server.ts'

export const megabyte = 1_000_000

/** Nothing of the machine's own AWS configuration, and nobody asks a cloud's metadata service. */
export const awsEnvironment: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: rootKeys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: rootKeys.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
}

export interface World {
  readonly server: S3Server
  /** A bucket of the running test. */
  readonly bucket: ReportBucket
  /** A store for it, by the server's address or by a way to it. */
  store(url?: string): BucketStore
}

/** One server for a file, a bucket and an environment for each of its tests. */
export function useS3(): World {
  let server: S3Server | undefined
  let bucket: ReportBucket | undefined
  let count = 0
  beforeAll(async () => {
    server = await startS3Server()
    return () => server?.close()
  })
  afterAll(() => vi.unstubAllEnvs())
  beforeEach(async () => {
    for (const [name, value] of Object.entries(awsEnvironment)) vi.stubEnv(name, value)
    count += 1
    const made = await ReportBucket.create(world.server.url, `reports-${count}`)
    bucket = made
    return () => {
      made.close()
      vi.unstubAllEnvs()
    }
  })
  const world: World = {
    get server() {
      if (server === undefined) throw new Error('the S3 server has not started')
      return server
    },
    get bucket() {
      if (bucket === undefined) throw new Error('no test runs')
      return bucket
    },
    store: (url) => {
      const opened = openBucket({ bucket: world.bucket.name, endpoint: url ?? world.server.url })
      onTestFinished(() => opened.close())
      return opened
    },
  }
  return world
}

/** Bytes that no two pieces share. */
export async function addLarge(folder: string, name: string, bytes: number): Promise<void> {
  const file = await open(join(folder, name), 'w')
  // A file whose first bytes hold a zero is binary.
  await file.write(Buffer.alloc(16))
  for (let left = bytes - 16; left > 0; left -= megabyte)
    await file.write(randomBytes(Math.min(left, megabyte)))
  await file.close()
}
