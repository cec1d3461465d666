import { randomBytes } from 'node:crypto'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { apiVersionOf, events, seiNodes, type Place } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { KubeEvent } from '../../contract/objects.ts'
import type { KubeClient } from '../../kube/types.ts'

/** A Warning on the node, where `kubectl describe` shows it. */
export async function warn(kube: KubeClient, node: SeiNode, reason: string, message: string): Promise<void> {
  const { name, namespace = '', uid = '' } = node.metadata
  const at = secondsNow()
  const event: KubeEvent = {
    apiVersion: apiVersionOf(events),
    kind: events.kind,
    metadata: { name: `${name}.${randomBytes(8).toString('hex')}`, namespace },
    involvedObject: { apiVersion: apiVersionOf(seiNodes), kind: seiNodes.kind, namespace, name, uid },
    type: 'Warning',
    reason,
    message,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source: { component: fieldManagers.harness },
    reportingComponent: fieldManagers.harness,
    reportingInstance: '',
  }
  await kube.create(events, event)
}

/**
 * Sets the condition Upgrading to Unknown. Under a field manager of its own, which leaves the controller's conditions alone. The
 * real controller has no such condition: only a stand-in's nodes get it.
 */
export async function markUpgrading(
  kube: KubeClient,
  { namespace, name }: Place,
  reason: string,
  message: string,
): Promise<void> {
  const condition = {
    type: 'Upgrading',
    status: 'Unknown' as const,
    reason,
    message,
    lastTransitionTime: secondsNow(),
  }
  const patch = {
    apiVersion: apiVersionOf(seiNodes),
    kind: seiNodes.kind,
    metadata: { name, namespace },
    status: { conditions: [condition] },
  }
  await kube.apply(seiNodes, patch as SeiNode, {
    fieldManager: `${fieldManagers.harness}-halts`,
    subresource: 'status',
  })
}

/** Now, as Kubernetes writes times. */
function secondsNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
