import { join } from 'node:path'
import { startEmbedded, type EmbeddedCluster } from 'vitest-environment-sei/embedded'
import { configMaps } from '../../src/contract/kinds.ts'
import type { ConfigMap } from '../../src/contract/objects.ts'
import { grantTaskRights } from '../../src/scenario/fingerprint/grant-task-rights.ts'

/** A tenth of real time, for deadlines and blocks alike: a step of 2 min has 12 s, blocks of 600 ms take 60. */
const rate = 10
const blockMs = 60

const programs = join(import.meta.dirname, 'programs')
const program = (name: string): string[] => [process.execPath, join(programs, `${name}.mjs`)]

/** Images of the work, and of what cells put in place of a step. */
export const images = {
  releaseTest: 'sei/release-test',
  seiload: 'sei/sei-load',
  fail: 'cells/fail',
  /** Stands for nothing: its pull fails. */
  missing: 'cells/missing',
} as const

/** A simulated cluster on which every scenario can run. */
export async function startScenarioCluster(
  pace: { rate: number; blockMs: number } = { rate, blockMs },
): Promise<EmbeddedCluster> {
  const cluster = await startEmbedded({
    ...pace,
    namespace: 'nightly',
    images: {
      [images.releaseTest]: program('release-suite'),
      [images.seiload]: program('seiload'),
      [images.fail]: program('fail'),
    },
  })
  const { kube, namespace } = cluster
  await kube.request('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  })
  await grantTaskRights(kube, namespace)
  const profile = '{ "chainId": "__SEI_CHAIN_ID__", "endpoints": [__RPC_ENDPOINTS__] }'
  await kube.create<ConfigMap>(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'seiload-profiles', namespace },
    data: { 'nightly_evm_transfer.json': profile },
  })
  return cluster
}
