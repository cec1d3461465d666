import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startEmbedded } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'

/** With SEI_ENVTEST=1 the same programs run against a real API server, to see that they are right. */
const isReal = process.env['SEI_ENVTEST'] === '1'
let cluster: SimulatedCluster

beforeAll(async () => {
  cluster = await (isReal ? startEnvtest() : startEmbedded({ rate: 100, blockMs: 100 }))
})
afterAll(() => cluster.close())

test('behavior: client-go and controller-runtime work as against a real cluster', async () => {
  const { exitCode, all } = await execa('go', ['test', '-count=1', './...'], {
    cwd: import.meta.dirname,
    env: { KUBECONFIG: cluster.kubeconfigPath },
    reject: false,
    all: true,
  })
  expect(exitCode, all).toBe(0)
})
