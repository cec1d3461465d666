import { defineConfig } from 'vitest/config'

/**
 * Every scenario green, and with every step failing, `npm run test:scenarios`: some ten minutes, with `SEI_CELLS=all` most of an hour.
 * The steps are those of `dist`, as users have them.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'scenarios',
    include: ['*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
    fileParallelism: false,
  },
})
