import type { AnyTaskKind, Era } from '../../../contract/crds/eras.ts'
import type { TaskContext } from './context.ts'
import type { TaskKind } from './kind.ts'
import { discoverPeers } from './kinds/discover-peers.ts'
import { governance } from './kinds/governance.ts'
import { restartPod } from './kinds/restart-pod.ts'
import { awaitCondition, awaitNodesAtHeight, markReady, restartSeid } from './kinds/sidecar.ts'
import { updateNodeImage } from './kinds/update-node-image.ts'
import type { Task } from './task.ts'

const kinds: Readonly<Record<AnyTaskKind, TaskKind>> = {
  GovSoftwareUpgrade: governance('govSoftwareUpgrade', 'gov-software-upgrade'),
  GovVote: governance('govVote', 'gov-vote'),
  GovParamChange: governance('govParamChange', 'gov-param-change'),
  AwaitCondition: awaitCondition,
  AwaitNodesAtHeight: awaitNodesAtHeight,
  UpdateNodeImage: updateNodeImage,
  RestartSeid: restartSeid,
  MarkReady: markReady,
  DiscoverPeers: discoverPeers,
  RestartPod: restartPod,
}

const common = [
  'GovSoftwareUpgrade',
  'GovVote',
  'AwaitCondition',
  'AwaitNodesAtHeight',
  'UpdateNodeImage',
] as const

/** What the controller of an era knows. */
export const kindsOfEra: Readonly<Record<Era, readonly AnyTaskKind[]>> = {
  head: [...common, 'GovParamChange', 'RestartSeid', 'MarkReady'],
  june: [...common, 'DiscoverPeers', 'RestartPod'],
}

/** `undefined`: the definition admits a kind that this controller does not know. */
export function kindOf(context: TaskContext, task: Task): TaskKind | undefined {
  return context.kinds.has(task.spec.kind) ? kinds[task.spec.kind] : undefined
}
