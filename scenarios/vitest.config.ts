import { sei } from 'vitest-environment-sei/plugin'
import { defineConfig } from 'vitest/config'

// These scenarios run on whichever cluster the environment names. Where it names none they ask for the simulated one,
// also in CI: here that is the point, not an accident.
const named = Object.keys(process.env).some((name) =>
  /^SEI_(NODE_CLUSTER|KIND|LOCAL|DOCKER|ENVTEST|EMBEDDED)$/.test(name),
)

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    sei({
      network: { validators: 4 },
      followers: 2,
      // What halt-matrix is about; the other scenarios expect no halt that would need it.
      halts: { act: true, images: { 'v9.0.0': 'sei/seid:v9.0.0' } },
      ...(named ? {} : { mode: 'embedded' }),
    }),
  ],
  test: {
    name: 'scenarios',
    include: ['*/*.test.ts'],
    testTimeout: 60_000,
  },
})
