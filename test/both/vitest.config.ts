import { defineConfig } from 'vitest/config'

const limits = { testTimeout: 90_000, hookTimeout: 60_000, maxWorkers: 2 }

/**
 * The embedded API server and a real one side by side, `npm run test:conformance`: a run of their own, since the real one has
 * to be built first and kubectl has to be there. Its last lines are figures.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    reporters: ['default', './figures.ts'],
    globalSetup: ['servers.ts'],
    projects: [
      {
        // The cases wait for a real server's controllers, which leaves time for thousands of writes.
        test: {
          name: 'api',
          include: [
            'specs.test.ts',
            '../conformance/apiserver.test.ts',
            '../conformance/chaos-mesh-admission.test.ts',
          ],
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      {
        // It lists namespaces and definitions: nobody else may make any.
        test: { name: 'kubectl', include: ['kubectl.test.ts'], sequence: { groupOrder: 1 }, ...limits },
      },
    ],
  },
})
