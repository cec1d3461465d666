import { chaosFields, isChaosType } from '../../../../contract/crds/chaos-mesh/template-types.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import {
  apiVersionOf,
  chaosKind,
  workflowNodes,
  type ObjectRef,
  type ResourceType,
} from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { refOf } from '../../runtime/keys.ts'
import { chaosManager } from '../update-status.ts'
import { byCreation, ownedBy } from './children.ts'
import { isFinished, setCondition } from './conditions.ts'
import { namespaceOf, updateNode, type ReconcilerContext } from './context.ts'
import { chaosCreated, chaosCreateFailed, chaosDeleted, chaosDeleteFailed } from './events.ts'
import { generated, madeBy } from './render-nodes.ts'

/** Whether nodes of this type hold a fault or a schedule of faults. */
export function isFaultNode({ spec }: WorkflowNode): boolean {
  return spec.type === 'Schedule' || isChaosType(spec.type)
}

/**
 * Keeps one object of a kind of chaos while its node has not finished, none afterwards. That the object is there is all that
 * the node tells; what it does to its targets is told on the object.
 */
export async function reconcileFaultNode(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return
  const type = chaosKind(node.spec.type)
  const existing = await faultsOf(context, type, node)
  if (isFinished(node)) await deleteFaults(context, type, node, existing)
  else await keepOne(context, type, node, existing)
  try {
    await updateNode(context, ref, async (draft) => {
      // What has just been deleted still counts here, and nobody looks again: a finished node may tell of a fault for good.
      const [fault] = isFinished(node) ? existing : await faultsOf(context, type, draft)
      noteFault(draft, type, fault)
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

async function faultsOf(
  { kube }: ReconcilerContext,
  type: ResourceType,
  node: WorkflowNode,
): Promise<KubeObject[]> {
  return byCreation(await ownedBy<KubeObject>(kube, type, node))
}

async function keepOne(
  context: ReconcilerContext,
  type: ResourceType,
  node: WorkflowNode,
  existing: readonly KubeObject[],
): Promise<void> {
  const { kube, log } = context
  if (existing.length === 0) await createFault(context, type, node)
  for (const surplus of existing.slice(1))
    try {
      await kube.delete(type, refOf(surplus))
    } catch (error) {
      log(`delete ${type.kind} ${surplus.metadata.name}: ${errorText(error)}`)
    }
}

/** A refused one is told of, and not tried again before something happens to the node. */
async function createFault(
  { kube, log, onNode }: ReconcilerContext,
  type: ResourceType,
  node: WorkflowNode,
): Promise<void> {
  try {
    const fault = faultOf(type, node)
    const { metadata } = await kube.create<KubeObject>(type, fault, { fieldManager: chaosManager })
    onNode(node, chaosCreated(metadata.name, type.kind))
  } catch (error) {
    onNode(node, chaosCreateFailed)
    log(`create ${type.kind} of node ${node.metadata.name}: ${errorText(error)}`)
  }
}

function faultOf(type: ResourceType, node: WorkflowNode): KubeObject & { spec: unknown } {
  const field = isChaosType(node.spec.type) ? chaosFields[node.spec.type] : 'schedule'
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      ...generated(node.metadata.name),
      namespace: namespaceOf(node),
      ...madeBy(node, node.spec.workflowName),
    },
    spec: node.spec[field] ?? {},
  }
}

async function deleteFaults(
  { kube, log, onNode }: ReconcilerContext,
  type: ResourceType,
  node: WorkflowNode,
  existing: readonly KubeObject[],
): Promise<void> {
  for (const fault of existing) {
    const { name } = fault.metadata
    try {
      await kube.delete(type, refOf(fault))
      onNode(node, chaosDeleted(name, type.kind))
    } catch (error) {
      onNode(node, chaosDeleteFailed(name, type.kind))
      log(`delete ${type.kind} ${name}: ${errorText(error)}`)
    }
  }
}

function noteFault(draft: WorkflowNode, type: ResourceType, fault: KubeObject | undefined): void {
  const status = (draft.status ??= {})
  if (fault === undefined) {
    delete status.chaosResource
    setCondition(status, 'ChaosInjected', 'False', 'ChaosCRNotExists')
    return
  }
  status.chaosResource = { apiGroup: type.group, kind: type.kind, name: fault.metadata.name }
  setCondition(status, 'ChaosInjected', 'True', 'ChaosCRCreated')
}
