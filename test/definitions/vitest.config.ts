import { defineConfig } from 'vitest/config'
import { once } from '../e2e/once.ts'
import type { Home } from '../helpers/home.ts'

const { SEI_TEST_HOME = '{}' } = process.env
const home = JSON.parse(SEI_TEST_HOME) as Partial<Home>
if (home.mode === undefined || home.definitions === undefined)
  throw new Error('npm run test:definitions -- <folder> [--envtest] starts these tests')

/** The e2e tests with real definitions in place of ours, on either API server. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: `definitions, ${home.mode}`,
    include: ['../e2e/*.test.ts'],
    exclude: Object.keys(once).map((name) => `../e2e/${name}`),
    globalSetup: ['../helpers/packed.ts'],
    provide: { home: { mode: home.mode, definitions: home.definitions } },
    // As without them: two clusters at a time on a real API server.
    ...(home.mode === 'envtest' ? { maxWorkers: 2, maxConcurrency: 1 } : {}),
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
