import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskWorkflow } from '../../../contract/crds/head/seinodetaskworkflow.ts'
import type { ConfigMap, Pod, Service, StatefulSet } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'
import type { Platform } from '../platform.ts'
import type { Applier } from '../runtime/applier.ts'
import type { EventRecorder } from '../runtime/events.ts'
import type { Stopwatches } from '../runtime/stopwatches.ts'
import type { Store } from '../runtime/store.ts'
import type { SidecarClient } from '../sidecar/client.ts'
import type { Claim } from './resources/objects.ts'

/** Everything the node controller and its tasks work with. */
export interface NodeContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly platform: Platform
  readonly nodes: Store<SeiNode>
  /** None on a cluster without that kind. */
  readonly workflows: Store<SeiNodeTaskWorkflow>
  readonly statefulSets: Store<StatefulSet>
  readonly services: Store<Service>
  readonly pods: Store<Pod>
  readonly claims: Store<Claim>
  readonly configMaps: Store<ConfigMap>
  readonly applier: Applier
  readonly sidecar: SidecarClient
  readonly events: EventRecorder
  /** Events about workflows. */
  readonly workflowEvents: EventRecorder
  readonly stopwatches: Stopwatches
  readonly log: (line: string) => void
  /** Told of each task that could not be submitted: nothing on the objects tells of it. */
  readonly trace: (line: string) => void
}

/** Field manager of the controller's plain writes: the name of its binary. */
export const updateManager = 'manager'
