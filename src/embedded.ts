import './contract/node-version.ts'
/**
 * Door `/embedded`: the embedded cluster on its own, for scripts and for tests of other tools.
 *
 *     import { startEmbedded } from 'vitest-environment-sei/embedded'
 *     const cluster = await startEmbedded()
 *     console.log(cluster.describe())   // … kubectl --kubeconfig /tmp/…
 *     await cluster.close()
 */
export { startEmbedded } from './clusters/embedded.ts'
export type { EmbeddedCluster, EmbeddedOptions } from './clusters/embedded.ts'
export type { Cluster } from './clusters/cluster.ts'
export type { ConnectionInfo, KubeClient } from './kube/types.ts'
