import { defineConfig } from 'vitest/config'
import { once } from '../e2e/once.ts'

/**
 * The e2e tests on a real API server, `npm run test:envtest`: a run of their own, since its programs have to be built first.
 * Two clusters at a time: each takes half a gigabyte and most of a core while it starts.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'envtest',
    include: ['*.test.ts', '../e2e/*.test.ts'],
    exclude: Object.keys(once).map((name) => `../e2e/${name}`),
    globalSetup: ['../helpers/packed.ts'],
    provide: { home: { mode: 'envtest' } },
    maxWorkers: 2,
    maxConcurrency: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
