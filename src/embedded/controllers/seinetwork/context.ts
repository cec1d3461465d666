import type { SeiNetwork } from '../../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { Service } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'
import type { Applier } from '../runtime/applier.ts'
import type { EventRecorder } from '../runtime/events.ts'
import type { Store } from '../runtime/store.ts'
import type { SidecarClient } from '../sidecar/client.ts'

/** Everything the network controller and its tasks work with. */
export interface NetworkContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly networks: Store<SeiNetwork>
  readonly nodes: Store<SeiNode>
  readonly services: Store<Service>
  readonly applier: Applier
  readonly sidecar: SidecarClient
  readonly events: EventRecorder
  readonly log: (line: string) => void
  /** Told of each task that could not be submitted: nothing on the objects tells of it. */
  readonly trace: (line: string) => void
}

/** Field manager of the controller's plain writes: the name of its binary. */
export const updateManager = 'manager'
