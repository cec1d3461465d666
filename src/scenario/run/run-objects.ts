import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'
import { trueCondition } from '../verdict/conditions.ts'

/** By somebody else, or by ourselves before. */
export function isAborted({ metadata }: Workflow, entry: WorkflowNode | undefined): boolean {
  const set = metadata.annotations?.[chaosMeshKeys.abort] === 'true'
  return set || (entry !== undefined && trueCondition(entry, 'Aborted') !== undefined)
}

/** The node that a pod belongs to. */
export function nodeOf(pod: Pod, nodes: readonly WorkflowNode[]): WorkflowNode | undefined {
  return nodes.find(({ metadata }) => metadata.name === pod.metadata.labels?.[chaosMeshKeys.controlledBy])
}

/** The step that a node is one run of; gates and finalizers are steps here too. */
export function stepOf(
  node: WorkflowNode | undefined,
  steps: readonly RenderedStep[],
): RenderedStep | undefined {
  return steps.find(({ template }) => template === node?.spec.templateName)
}
