import { defineConfig } from 'vitest/config'

/** Tests that drive the real kubectl: a run of their own, `npm run test:kubectl`, since a fresh machine may lack it. */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'kubectl', include: ['*.test.ts'], testTimeout: 30_000 },
})
