import type { AnyTaskKind, Era } from '../../../contract/crds/eras.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { Pod, Service, StatefulSet } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'
import type { EventRecorder } from '../runtime/events.ts'
import type { Stopwatches } from '../runtime/stopwatches.ts'
import type { Store } from '../runtime/store.ts'
import type { SidecarClient } from '../sidecar/client.ts'
import type { Task } from './task.ts'

/** Everything the task controller and its kinds work with. */
export interface TaskContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly tasks: Store<Task>
  readonly nodes: Store<SeiNode>
  readonly statefulSets: Store<StatefulSet>
  readonly pods: Store<Pod>
  readonly services: Store<Service>
  readonly sidecar: SidecarClient
  readonly events: EventRecorder
  readonly stopwatches: Stopwatches
  readonly era: Era
  /** Kinds that this controller knows; the definition may admit more. */
  readonly kinds: ReadonlySet<AnyTaskKind>
  readonly log: (line: string) => void
  /** Told of each execution that could not begin: nothing on the object tells of it. */
  readonly trace: (line: string) => void
}

/** What changed in the controller between the eras, apart from its kinds. */
export const eraRules: Readonly<Record<Era, EraRules>> = {
  head: { marksRunning: true, typedGovResults: true },
  june: { marksRunning: false, typedGovResults: false },
}

interface EraRules {
  /** `task.status` says Running once the execution was accepted. Without it every poll executes again. */
  readonly marksRunning: boolean
  /** Inclusion of a governance transaction has reasons of its own, and fails a task that was included with an error. */
  readonly typedGovResults: boolean
}
