import type { AnyTaskKind } from '../../../contract/crds/eras.ts'
import type { SeiNodeTaskSpec, SeiNodeTaskStatus } from '../../../contract/crds/head/seinodetask.ts'
import type { JuneTaskSpec, JuneTaskStatus } from '../../../contract/crds/june/seinodetask.ts'
import type { KubeObject } from '../../../contract/objects.ts'

type HeadTask = NonNullable<SeiNodeTaskStatus['task']>
type JuneTask = NonNullable<JuneTaskStatus['task']>

export interface TaskSpec
  extends Omit<SeiNodeTaskSpec, 'kind'>, Pick<JuneTaskSpec, 'discoverPeers' | 'restartPod'> {
  kind: AnyTaskKind
}

export interface TaskStatus extends Omit<SeiNodeTaskStatus, 'task'> {
  task?: HeadTask & Pick<JuneTask, 'restartedPodUID'>
}

/** A SeiNodeTask of any era: the cluster's definition decides which of its fields are kept. */
export interface Task extends KubeObject {
  spec: TaskSpec
  status?: TaskStatus
}

/** A task being reconciled: its status is a private copy, written once at the end. */
export interface TaskDraft extends Task {
  status: TaskStatus
}

export function draftOf(task: Task): TaskDraft {
  return { ...task, status: structuredClone(task.status ?? {}) }
}

/** Complete and Failed are for good: such a task is never looked at again. */
export function isOver(task: Task): boolean {
  return task.status?.phase === 'Complete' || task.status?.phase === 'Failed'
}
