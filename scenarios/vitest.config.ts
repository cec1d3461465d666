import { sei } from 'vitest-environment-sei/plugin'
import { defineConfig } from 'vitest/config'
import { mode } from './mode.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [sei({ network: { validators: 4 }, followers: 2, ...mode })],
  test: {
    name: 'scenarios',
    include: ['*/*.test.ts'],
    // Has a configuration of its own.
    exclude: ['halt-matrix/**'],
    testTimeout: 60_000,
  },
})
