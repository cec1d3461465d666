import { defineConfig } from 'vitest/config'

/** The e2e tests on the embedded cluster. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'e2e',
    include: ['*.test.ts'],
    globalSetup: ['../helpers/packed.ts'],
    provide: { home: { mode: 'embedded' } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
