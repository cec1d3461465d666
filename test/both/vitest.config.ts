import { defineConfig } from 'vitest/config'

/**
 * The embedded API server and a real one side by side, `npm run test:conformance`: a run of their own, since the real one has
 * to be built first and kubectl has to be there. Its last lines are figures.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'both',
    include: ['*.test.ts', '../conformance/apiserver.test.ts'],
    reporters: ['default', './figures.ts'],
    globalSetup: ['servers.ts'],
    // One after the other: each keeps both servers busy.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
