import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { statusChecks, workflowNodes, workflows, type ObjectRef } from '../../../../contract/kinds.ts'
import type { KubeObject, Pod } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { type Controller, createController, type Result } from '../../runtime/controller.ts'
import { refOf } from '../../runtime/keys.ts'
import { controllerOf } from '../../runtime/owners.ts'
import type { Change, Store } from '../../runtime/store.ts'
import { createChaosEvents } from '../events.ts'
import { startStatusChecks } from '../status-check/controller.ts'
import { chaosManager } from '../update-status.ts'
import { reconcileAbortedNode } from './abort-node.ts'
import { reconcileAbortedWorkflow } from './abort-workflow.ts'
import { isFaultNode, reconcileFaultNode } from './chaos-node.ts'
import { isTrue } from './conditions.ts'
import type { ReconcilerContext } from './context.ts'
import { createDeadlineWatch } from './deadline-watch.ts'
import { reconcileDeadline } from './deadline.ts'
import { reconcileEntry } from './entry.ts'
import { reconcileParallel } from './parallel.ts'
import { reconcileSerial } from './serial.ts'
import { reconcileStatusCheckNode } from './status-check-node.ts'
import { reconcileTask } from './task.ts'

export interface WorkflowControllersOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly workflows: Store<Workflow>
  readonly workflowNodes: Store<WorkflowNode>
  readonly pods: Store<Pod>
  readonly log: (line: string) => void
  /**
   * Simulated ms that a piece of news takes to the named controller, asked for each; for tests of what must not depend on
   * who of them is first. @default none
   */
  readonly latencyMs?: ((controller: string) => number) | undefined
}

/** Has one controller look at an object soon. */
type Wake = (ref: ObjectRef) => void

/**
 * Starts the controllers of Workflows: nine that know nothing of each other and one for StatusChecks, each with one worker.
 * There is no engine above them; what a Workflow does is what comes of all of them.
 */
export function startWorkflowControllers(options: WorkflowControllersOptions): { close(): Promise<void> } {
  const { kube, clock, log, latencyMs } = options
  const events = createChaosEvents(kube, clock, chaosManager, log)
  const deadlines = createDeadlineWatch(clock)
  const running: { close(): Promise<void> }[] = []
  const run: Run = (name, reconcile) => {
    const onWorkflow = events.recorder(name, workflows)
    const onNode = events.recorder(name, workflowNodes)
    const context: ReconcilerContext = { kube, clock, log, deadlines, onWorkflow, onNode }
    const controller = createController({
      name,
      clock,
      concurrency: 1,
      reconcile: async (ref) => (await reconcile(context, ref)) ?? {},
      log,
    })
    running.push(controller)
    return wakeAfter(controller, () => latencyMs?.(name) ?? 0)
  }
  const entry = watchWorkflows(options, run)
  const lookAtOwner = watchNodes(options, run, entry, (uid) => deadlines.forget(uid))
  const onCheck = events.recorder('statuscheck', statusChecks)
  running.push(startStatusChecks({ kube, clock, log, onCheck, onChange: lookAtOwner }))
  return {
    async close() {
      await Promise.all(running.map((each) => each.close()))
    },
  }
}

type Run = (
  name: string,
  reconcile: (context: ReconcilerContext, ref: ObjectRef) => Promise<Result | void>,
) => Wake

function wakeAfter(controller: Controller, latencyMs: () => number): Wake {
  return (ref) => {
    const ms = latencyMs()
    if (ms > 0) controller.enqueueAfter(ref, ms)
    else controller.enqueue(ref)
  }
}

/** What looks at Workflows. Returns the one that also wants to hear of their entry nodes. */
function watchWorkflows(options: WorkflowControllersOptions, run: Run): Wake {
  const entry = run('workflow-entry-reconciler', reconcileEntry)
  const abort = run('workflow-abort-workflow-reconciler', reconcileAbortedWorkflow)
  options.workflows.onChange(({ after }) => {
    if (after === undefined) return
    entry(refOf(after))
    abort(refOf(after))
  })
  return entry
}

/**
 * What looks at nodes: controllers of a type of node are woken by what these own, too. They are woken for nodes that are
 * theirs alone, where the real ones look at each and pass it over. Returns how the owner of an object is woken.
 */
function watchNodes(
  { workflowNodes: nodes, pods }: WorkflowControllersOptions,
  run: Run,
  entry: Wake,
  forget: (uid: string) => void,
): (object: KubeObject) => void {
  const byType: Readonly<Record<string, Wake>> = {
    Serial: run('workflow-serial-node-reconciler', reconcileSerial),
    Parallel: run('workflow-parallel-node-reconciler', reconcileParallel),
    Task: run('workflow-task-reconciler', reconcileTask),
    StatusCheck: run('workflow-statuscheck-reconciler', reconcileStatusCheckNode),
  }
  const fault = run('workflow-chaos-node-reconciler', reconcileFaultNode)
  const deadline = run('workflow-deadline-reconciler', reconcileDeadline)
  const abort = run('workflow-abort-node-reconciler', reconcileAbortedNode)
  const lookAt = (node: WorkflowNode): void => byType[node.spec.type]?.(refOf(node))
  const lookAtOwner = (object: KubeObject): void => {
    const owner = controllerOf(object)
    if (owner === undefined) return
    const ref = { namespace: object.metadata.namespace, name: owner.name }
    if (owner.kind === workflows.kind) entry(ref)
    const node = owner.kind === workflowNodes.kind ? nodes.get(ref) : undefined
    if (node !== undefined) lookAt(node)
  }
  nodes.onChange((change) => {
    forChanged(change, lookAtOwner)
    const { before, after: node } = change
    if (node === undefined) return forget(before?.metadata.uid ?? '')
    lookAt(node)
    if (isFaultNode(node)) fault(refOf(node))
    if (node.spec.deadline !== undefined || isTrue(node.status, 'DeadlineExceed')) deadline(refOf(node))
    if (isTrue(node.status, 'Aborted')) abort(refOf(node))
  })
  pods.onChange((change) => forChanged(change, lookAtOwner))
  return lookAtOwner
}

function forChanged<T extends KubeObject>({ before, after }: Change<T>, look: (object: T) => void): void {
  const object = after ?? before
  if (object !== undefined) look(object)
}
