import { defineConfig } from 'vitest/config'

/**
 * The e2e tests on a real API server, `npm run test:envtest`: a run of their own, since its programs have to be built first.
 * Two clusters at a time: each takes half a gigabyte and most of a core while it starts.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'envtest',
    include: ['*.test.ts'],
    globalSetup: ['../helpers/packed.ts'],
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
