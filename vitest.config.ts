import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// The scenarios use the package by its own name, from `dist`. `npm test` builds it first; without it the other projects
// can still be run on their own while one works on them.
const built = existsSync(new URL('dist/src/plugin.js', import.meta.url))

// Time limits only end what hangs: they are far above what a test takes, also on a machine with other things to do.
export default defineConfig({
  test: {
    // Most tests wait for a cluster more than they compute.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'fixtures/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      './test/e2e/vitest.config.ts',
      ...(built ? ['./scenarios/vitest.config.ts'] : []),
    ],
  },
})
