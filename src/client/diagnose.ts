import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { ReadinessBudget } from '../contract/defaults.ts'
import { labels } from '../contract/labels.ts'
import { dataClaimName, podName } from '../contract/names.ts'
import type { KubeEvent, Pod } from '../contract/objects.ts'
import type { LikelyCause } from '../probe/gate-types.ts'
import { describeStuckNode, networkFailure, nodeFailure } from './plan-findings.ts'
import { findInPod, type Finding } from './pod-findings.ts'
import type { NamespaceWatches } from './watches.ts'

/** Everything the cluster says about one node. */
export interface NodeFacts {
  readonly name: string
  readonly node: SeiNode | undefined
  readonly pod: Pod | undefined
  /** Events of the node, its pod, StatefulSet and claim. */
  readonly events: readonly KubeEvent[]
  /** The network whose validator it is; absent for followers. */
  readonly network: SeiNetwork | undefined
  readonly siblings: readonly SeiNode[]
}

/** Names under which events speak of a node: its own, which is also its StatefulSet's, its pod's and its claim's. */
export function namesOf({ name }: { readonly name: string }): ReadonlySet<string> {
  return new Set([name, podName(name), dataClaimName(name)])
}

export function readFacts(
  watches: NamespaceWatches,
  namespace: string,
  name: string,
  network: string | undefined,
): NodeFacts {
  const own = namesOf({ name })
  return {
    name,
    node: watches.nodes.get({ namespace, name }),
    pod: watches.pods.get({ namespace, name: podName(name) }),
    events: watches.events.items().filter(({ involvedObject }) => own.has(involvedObject.name ?? '')),
    network: network === undefined ? undefined : watches.networks.get({ namespace, name: network }),
    siblings:
      network === undefined
        ? []
        : watches.nodes
            .items()
            .filter(({ metadata }) => metadata.labels?.[labels.nodeDeployment] === network),
  }
}

/** What holds the node up, gravest first, with how long it may. `undefined`: nothing that the cluster knows of. */
export function diagnose(facts: NodeFacts, budget: ReadinessBudget): Finding | undefined {
  const { node, pod, network, siblings, events } = facts
  return (
    (node === undefined ? undefined : nodeFailure(node)) ??
    (network === undefined ? undefined : networkFailure(network, siblings)) ??
    refusedPod(events, facts.name) ??
    (pod === undefined ? undefined : findInPod(pod, events, budget))
  )
}

/** The one sentence for a time-out: a finding, else where the plan stands. */
export function likelyCause(facts: NodeFacts, budget: ReadinessBudget): LikelyCause | undefined {
  const found = diagnose(facts, budget)
  if (found !== undefined) return { cause: found.cause, own: true }
  if (facts.node === undefined) return { cause: 'the SeiNode does not exist yet', own: false }
  const render = renderFailure(facts.events)
  if (render !== undefined) return { cause: render, own: true }
  return describeStuckNode(facts.node, facts.network)
}

/** Quota and admission refuse the pod itself: the StatefulSet keeps trying, and nothing changes. */
const refused = /exceeded quota|denied the request|is forbidden|admission webhook|violates PodSecurity/i

function refusedPod(events: readonly KubeEvent[], name: string): Finding | undefined {
  const event = events.find(
    ({ reason, message = '', involvedObject }) =>
      reason === 'FailedCreate' && involvedObject.name === name && refused.test(message),
  )
  return event === undefined
    ? undefined
    : { cause: `its pod is refused: ${event.message ?? 'no message'}`, graceMs: 0 }
}

function renderFailure(events: readonly KubeEvent[]): string | undefined {
  const event = events.findLast(({ reason }) => reason === 'StatefulSetRenderFailed')
  return event === undefined
    ? undefined
    : `the controller cannot render its StatefulSet: ${event.message ?? 'no message'}`
}
