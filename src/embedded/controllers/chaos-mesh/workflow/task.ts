import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { pods, workflowNodes, type ObjectRef } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { evaluateBranches, isEvaluated, selectedBranches, unknownBranches } from './branches.ts'
import { childrenOf, noteChildren, ownedBy } from './children.ts'
import { updateNode, type ReconcilerContext } from './context.ts'
import { branchesSelected, taskPodCompleted } from './events.ts'
import { collectContext } from './pod-context.ts'
import { accomplish } from './serial.ts'
import { ensureChildren } from './spawn.ts'
import { spawnPod } from './task-pod.ts'

/**
 * Keeps one pod for a Task, whatever has become of the node meanwhile, and once the pod has ended runs the branches that its
 * end selects. Whether it ended well is asked by nobody but them.
 */
export async function reconcileTask(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return
  const pod = await podOf(context, node)
  if (pod === undefined) await spawnPod(context, node)
  if (pod === undefined || !hasEnded(pod)) await noteUnknown(context, ref)
  else if (!isEvaluated(node)) await evaluate(context, node, ref, pod)
  const evaluated = await context.kube.get<WorkflowNode>(workflowNodes, ref)
  if (!(await isOver(context, evaluated))) return
  await runBranches(context, evaluated)
  await noteBranches(context, evaluated, ref)
}

/** The first by name, where there are several. */
async function podOf({ kube }: ReconcilerContext, node: WorkflowNode): Promise<Pod | undefined> {
  const [first] = await ownedBy<Pod>(kube, pods, node)
  return first
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

async function isOver(context: ReconcilerContext, node: WorkflowNode): Promise<boolean> {
  const pod = await podOf(context, node)
  return pod !== undefined && hasEnded(pod) && isEvaluated(node)
}

async function noteUnknown(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  await attempt(context, ref, () =>
    updateNode(context, ref, (draft) => {
      const status = (draft.status ??= {})
      const branches = unknownBranches(draft.spec.conditionalBranches ?? [])
      const { context: collected } = status.conditionalBranchesStatus ?? {}
      status.conditionalBranchesStatus = {
        ...(branches.length === 0 ? {} : { branches }),
        ...(collected === undefined ? {} : { context: collected }),
      }
    }),
  )
}

async function evaluate(
  context: ReconcilerContext,
  node: WorkflowNode,
  ref: ObjectRef,
  pod: Pod,
): Promise<void> {
  context.onNode(node, taskPodCompleted(pod.metadata.name))
  await attempt(context, ref, () =>
    updateNode(context, ref, async (draft) => {
      const status = (draft.status ??= {})
      const collected = await collectContext(context, pod, draft.spec.task?.container?.name ?? '')
      const branches = evaluateBranches(draft.spec.conditionalBranches ?? [], collected, context.log)
      context.onNode(draft, branchesSelected(selectedBranches(branches)))
      status.conditionalBranchesStatus = {
        ...(branches.length === 0 ? {} : { branches }),
        context: [goJson(collected)],
      }
    }),
  )
}

/** JSON as Go writes it, which escapes what HTML would take for markup. */
function goJson(value: unknown): string {
  const escapes: Record<string, string> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    '\u2028': '\\u2028',
    '\u2029': '\\u2029',
  }
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => escapes[character] ?? character,
  )
}

/** What fails is told in the controller's log alone. Nothing tries again before something else happens to the node. */
async function attempt(
  { log }: ReconcilerContext,
  ref: ObjectRef,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!isNotFound(error)) log(`condition of task ${ref.name}: ${errorText(error)}`)
  }
}

async function runBranches(context: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const selected = selectedBranches(node.status?.conditionalBranchesStatus?.branches)
  if (selected.length === 0) return
  const { active, finished } = await childrenOf(context.kube, node)
  await ensureChildren(context, node, [...active, ...finished], selected)
}

async function noteBranches(
  context: ReconcilerContext,
  evaluated: WorkflowNode,
  ref: ObjectRef,
): Promise<void> {
  const selected = selectedBranches(evaluated.status?.conditionalBranchesStatus?.branches)
  try {
    await updateNode(context, ref, async (draft) => {
      const children = await childrenOf(context.kube, draft)
      noteChildren(draft, children)
      // A pod that has gone in between makes the node unaccomplished again.
      const over = await isOver(context, draft)
      accomplish(context, draft, over && children.finished.length === selected.length)
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
