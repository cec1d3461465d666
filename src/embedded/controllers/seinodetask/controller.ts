import type { AnyTaskKind } from '../../../contract/crds/eras.ts'
import { type Controller, createController } from '../runtime/controller.ts'
import { refOf } from '../runtime/keys.ts'
import { createStopwatches } from '../runtime/stopwatches.ts'
import type { TaskContext } from './context.ts'
import { kindsOfEra } from './kinds.ts'
import { reconcileTask } from './reconcile.ts'
import { isOver } from './task.ts'

/** Tasks reconciled at once. */
const concurrency = 16

export interface TaskControllerOptions extends Omit<TaskContext, 'kinds' | 'stopwatches'> {
  /** @default what the controller of `era` knew */
  readonly kinds?: readonly AnyTaskKind[] | undefined
}

/** Runs SeiNodeTasks: woken by their specs and by every change of their targets, else by the controller's own cadences. */
export function startTaskController(options: TaskControllerOptions): Controller {
  const { tasks, nodes, clock, log } = options
  const kinds = new Set(options.kinds ?? kindsOfEra[options.era])
  const context: TaskContext = { ...options, kinds, stopwatches: createStopwatches(clock) }
  const controller = createController({
    name: 'seinodetask',
    clock,
    concurrency,
    reconcile: (ref) => reconcileTask(context, ref),
    log,
  })
  tasks.onChange(({ before, after }) => {
    if (after === undefined) context.stopwatches.forget(before?.metadata.uid ?? '')
    else if (before?.metadata.generation !== after.metadata.generation) controller.enqueue(refOf(after))
  })
  nodes.onChange(({ after }) => {
    if (after === undefined) return
    const { namespace = '', name } = after.metadata
    for (const task of tasks.inNamespace(namespace))
      if (task.spec.target.nodeRef.name === name && !isOver(task)) controller.enqueue(refOf(task))
  })
  return controller
}
