import { join } from 'node:path'
import { partsCache } from '../../src/clusters/parts.ts'

/** The S3 server of the tests: it checks signatures, checksums and conditions, and stores in a folder. */
export const s3Server = {
  module: 'github.com/versity/versitygw',
  version: 'v1.8.0',
  program: 'versitygw',
} as const

/** Where `npm run parts:s3` puts it. */
export function s3ServerFolder(env: NodeJS.ProcessEnv): string {
  return join(partsCache(env), `${s3Server.program}-${s3Server.version}`)
}
