import type { Workflow, WorkflowTemplate } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode, WorkflowNodeSpec } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { apiVersionOf, workflowNodes, workflows } from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import type { KubeObject, OwnerReference } from '../../../../contract/objects.ts'
import { parseGoDuration } from '../../../../contract/go-duration.ts'
import { seconds } from '../../runtime/conditions.ts'
import { controllerReference } from '../../runtime/owners.ts'
import { namespaceOf } from './context.ts'

/** Set when an object is made: whoever deletes it, it goes in the foreground, after what hangs on it. */
export const foregroundFinalizer = 'foregroundDeletion'

/**
 * The nodes of some templates as the Workflow has these templates now. Throws for a template that it has not, and for a
 * deadline that is no duration.
 */
export function renderNodes(
  workflow: Workflow,
  parent: WorkflowNode | undefined,
  names: readonly string[],
  now: Date,
): WorkflowNode[] {
  // Of two templates by one name the last counts.
  const templates = new Map(workflow.spec.templates.map((template) => [template.name, template]))
  return names.map((name) => {
    const template = templates.get(name)
    if (template === undefined)
      throw new Error(`workflow ${workflow.metadata.name} does not contain a template called ${name}`)
    return renderNode(workflow, parent, template, now)
  })
}

function renderNode(
  workflow: Workflow,
  parent: WorkflowNode | undefined,
  template: WorkflowTemplate,
  now: Date,
): WorkflowNode {
  return {
    apiVersion: apiVersionOf(workflowNodes),
    kind: workflowNodes.kind,
    metadata: {
      ...generated(template.name),
      namespace: namespaceOf(workflow),
      labels: labelsOf((parent ?? workflow).metadata.name, workflow.metadata.name),
      ownerReferences: [ownerOf(workflow, parent)],
      finalizers: [foregroundFinalizer],
    },
    spec: specOf(workflow, template, now),
  }
}

/** Metadata whose name the API server makes of a base, which it cuts at 58 characters, and five random ones. */
export function generated(base: string): { name: string; generateName: string } {
  return { name: '', generateName: `${base}-` }
}

function labelsOf(controlledBy: string, workflow: string): Record<string, string> {
  return { [chaosMeshKeys.controlledBy]: controlledBy, [chaosMeshKeys.workflow]: workflow }
}

function ownerOf(workflow: Workflow, parent: WorkflowNode | undefined): OwnerReference {
  return parent === undefined
    ? controllerReference(workflows, workflow)
    : controllerReference(workflowNodes, parent)
}

/** Labels and owner of what a node makes. */
export function madeBy(
  node: WorkflowNode,
  workflow: string,
): Pick<KubeObject['metadata'], 'labels' | 'ownerReferences'> {
  return {
    labels: labelsOf(node.metadata.name, workflow),
    ownerReferences: [controllerReference(workflowNodes, node)],
  }
}

/** What the template holds goes along, but for fields that hold nothing; the deadline becomes a point in time. */
function specOf(workflow: Workflow, template: WorkflowTemplate, now: Date): WorkflowNodeSpec {
  const { name, templateType, deadline, schedule, conditionalBranches = [], ...payload } = template
  const branches = conditionalBranches.map(({ target, expression = '' }) =>
    expression === '' ? { target } : { target, expression },
  )
  const held = Object.entries({ ...payload, conditionalBranches: branches }).filter(
    ([, value]) => value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return {
    ...Object.fromEntries(held),
    ...(schedule === undefined ? {} : { schedule: scheduleOf(schedule) }),
    templateName: name,
    workflowName: workflow.metadata.name,
    type: templateType,
    startTime: seconds(now),
    ...(deadline === undefined ? {} : { deadline: seconds(dueAt(deadline, now)) }),
  }
}

function dueAt(deadline: string, now: Date): Date {
  const ms = parseGoDuration(deadline)
  if (ms === undefined) throw new Error(`invalid duration ${JSON.stringify(deadline)}`)
  return new Date(now.getTime() + ms)
}

/** On the way from template to node a schedule loses two of the kinds of chaos that it could start. */
function scheduleOf(schedule: unknown): object {
  const { azureChaos: _azure, blockChaos: _block, ...kept } = schedule as Record<string, unknown>
  return kept
}
