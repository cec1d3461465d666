import { defineConfig } from 'vitest/config'

/** More than an hour of the cluster's time by both clocks, `npm run test:clocks`: by the real one it takes most of a minute. */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'clocks', include: ['*.test.ts'], testTimeout: 300_000 },
})
