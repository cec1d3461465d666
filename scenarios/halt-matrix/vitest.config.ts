import { sei } from 'vitest-environment-sei/plugin'
import { defineConfig } from 'vitest/config'
import { mode } from '../mode.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [sei({ halts: { act: true, images: { 'v9.0.0': 'sei/seid:v9.0.0' } }, ...mode })],
  test: { name: 'halt-matrix', include: ['*.test.ts'], testTimeout: 60_000 },
})
