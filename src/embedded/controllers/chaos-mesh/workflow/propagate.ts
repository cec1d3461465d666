import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import type { ChaosEvent } from '../events.ts'
import { refOf } from '../../runtime/keys.ts'
import { childrenOf } from './children.ts'
import { isTrue, setCondition } from './conditions.ts'
import { updateNode, type ReconcilerContext } from './context.ts'

const withChildren: readonly string[] = ['Serial', 'Parallel', 'Task']

/** Passes what ended a node on to those of its children that have not finished; these pass it on themselves. */
export async function propagate(
  context: ReconcilerContext,
  parent: WorkflowNode,
  condition: 'Aborted' | 'DeadlineExceed',
  reason: string,
  event: (parent: string) => ChaosEvent,
): Promise<void> {
  if (!withChildren.includes(parent.spec.type)) return
  const { active } = await childrenOf(context.kube, parent)
  for (const child of active)
    await updateNode(context, refOf(child), (draft) => {
      const status = (draft.status ??= {})
      if (isTrue(status, condition)) return
      setCondition(status, condition, 'True', reason)
      context.onNode(draft, event(parent.metadata.name))
    })
}
