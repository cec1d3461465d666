import { defineConfig } from 'vitest/config'

/**
 * What real Chaos Mesh controllers were recorded at, played again to the stand-ins, `npm run test:chaos-mesh`; with SEI_ENVTEST=1
 * on a real kube-apiserver and kube-controller-manager, where it takes minutes.
 */
export default defineConfig({
  root: import.meta.dirname,
  test: { name: 'chaos-mesh', include: ['*.test.ts'], testTimeout: 300_000, hookTimeout: 60_000 },
})
