import type { KnownPace } from '../contract/defaults.ts'
import { namespaces } from '../contract/kinds.ts'
import { annotations } from '../contract/labels.ts'
import type { KubeClient } from '../kube/types.ts'

/**
 * Writes into the cluster itself that its nodes are simulated, and at what pace, for whoever comes by a kubeconfig alone. On
 * a namespace that every cluster has; applied, since a real API server makes it only some time after its start.
 */
export async function announcePace(kube: KubeClient, pace: KnownPace): Promise<void> {
  const { rate, blockMs, clockUrl } = pace
  const announced = { [annotations.pace]: JSON.stringify({ rate, blockMs, clockUrl }) }
  await kube.apply(
    namespaces,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', annotations: announced } },
    { fieldManager: 'sei-embedded' },
  )
}
