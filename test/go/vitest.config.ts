import { defineConfig } from 'vitest/config'

/**
 * Tests that drive the cluster with programs in Go, `npm run test:go`: a run of their own, since they need Go and, the first
 * time, its module proxy and some minutes to compile.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'go', include: ['*.test.ts'], testTimeout: 1_200_000, hookTimeout: 60_000 },
})
