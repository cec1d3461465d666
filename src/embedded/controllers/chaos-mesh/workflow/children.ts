import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, type ResourceType } from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { isFinished } from './conditions.ts'
import { namespaceOf } from './context.ts'

export interface Children {
  readonly active: readonly WorkflowNode[]
  readonly finished: readonly WorkflowNode[]
}

/**
 * Nodes below a Workflow or node, the oldest first. They are found by the label that has its name, not by owner: a Workflow
 * of a name that was used before finds the nodes of its predecessor while these are still there.
 */
export async function nodesBelow(kube: KubeClient, parent: Workflow | WorkflowNode): Promise<WorkflowNode[]> {
  const { items } = await kube.list<WorkflowNode>(workflowNodes, {
    namespace: namespaceOf(parent),
    labelSelector: controlledBy(parent),
  })
  return byCreation(items)
}

export async function childrenOf(kube: KubeClient, parent: WorkflowNode): Promise<Children> {
  const nodes = await nodesBelow(kube, parent)
  return {
    active: nodes.filter((node) => !isFinished(node)),
    finished: nodes.filter(isFinished),
  }
}

/** What a node has made of another type. Looked for in all namespaces, as the label is all that counts. */
export async function ownedBy<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  node: WorkflowNode,
): Promise<T[]> {
  const { items } = await kube.list<T>(type, { labelSelector: controlledBy(node) })
  return items
}

function controlledBy({ metadata }: KubeObject): string {
  return `${chaosMeshKeys.controlledBy}=${metadata.name}`
}

/** Creation times are whole seconds; what is as old as another stays in the order of the list. */
export function byCreation<T extends KubeObject>(objects: readonly T[]): T[] {
  const ageOf = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '')
  return objects.toSorted((a, b) => ageOf(a) - ageOf(b))
}

/** Writes down who is active and who has finished; an empty list is left out. */
export function noteChildren(node: WorkflowNode, { active, finished }: Children): void {
  const status = (node.status ??= {})
  const names = (nodes: readonly WorkflowNode[]): { name: string }[] =>
    nodes.map(({ metadata }) => ({ name: metadata.name }))
  delete status.activeChildren
  delete status.finishedChildren
  if (active.length > 0) status.activeChildren = names(active)
  if (finished.length > 0) status.finishedChildren = names(finished)
}

/** The template's name, as it is read from the name of a node: cut at the last dash. */
export function templateOf({ metadata }: WorkflowNode): string {
  const dash = metadata.name.lastIndexOf('-')
  return dash < 0 ? metadata.name : metadata.name.slice(0, dash)
}
