import { defineConfig } from 'vitest/config'
import { long } from '../e2e/long.ts'
import { onEmbedded } from '../e2e/on-embedded.ts'

/** What is too long for `npm test`, run by `npm run test:long`: e2e tests, and every cell of the matrix of halts. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    maxWorkers: 3,
    projects: [
      onEmbedded('long', { include: Object.keys(long) }),
      '../../scenarios/halt-matrix/vitest.config.ts',
    ],
  },
})
