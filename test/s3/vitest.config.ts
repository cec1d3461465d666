import { defineConfig } from 'vitest/config'

/**
 * Uploads to a real S3 server, `npm run test:s3`: a run of their own, since it has to be built, with Go, and some files are
 * large. One after the other: they share the machine's disk.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 's3',
    include: ['*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
