import { defineConfig } from 'vitest/config'

/**
 * What real Chaos Mesh controllers were recorded at, played again to the stand-ins, `npm run test:chaos-mesh`; with SEI_ENVTEST=1
 * on a real kube-apiserver and kube-controller-manager, where it takes minutes; with SEI_CHAOS_MESH, the path of a
 * chaos-controller-manager 2.8, by that program in place of the stand-ins, on the same server.
 */
const files = process.env['SEI_CHAOS_MESH'] === undefined ? ['*'] : ['recorded', 'guarded']

export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'chaos-mesh',
    include: files.map((file) => `${file}.test.ts`),
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
