import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { apiVersionOf, workflowNodes } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import type { Redactor } from '../redact.ts'
import { captureFailed } from '../seal.ts'
import { withCutContext } from './branch-context.ts'

/** What a Workflow and its steps left in the API; whatever is gone is left out. */
export interface WorkflowSnapshot {
  readonly workflow?: Workflow | undefined
  readonly nodes?: readonly WorkflowNode[] | undefined
  /** Data of its `workflow-vars`. */
  readonly vars?: Readonly<Record<string, string>> | undefined
}

/** Names are those of the first harness, whose readers find them below a run's prefix. */
const snapshotNames = {
  vars: 'workflow-vars.yaml',
  workflow: 'workflow.yaml',
  nodes: 'workflownodes.yaml',
} as const

/** Writes the objects of a run as YAML, redacted, the logs within nodes cut. Throws only CAPTURE_FAILED. */
export async function writeSnapshot(
  snapshot: WorkflowSnapshot,
  folder: string,
  redactor: Redactor,
): Promise<void> {
  const { workflow, nodes, vars } = snapshot
  const list = nodes && {
    apiVersion: apiVersionOf(workflowNodes),
    kind: `${workflowNodes.kind}List`,
    items: nodes.map((node) => withoutManagedFields(withCutContext(node, redactor))),
  }
  const files: [string, unknown][] = [
    [snapshotNames.vars, vars],
    [snapshotNames.workflow, workflow && withoutManagedFields(workflow)],
    [snapshotNames.nodes, list],
  ]
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, value] of files) {
      if (value === undefined) continue
      const text = stringify(redactor.data(value), { lineWidth: 0, aliasDuplicateObjects: false })
      await writeFile(join(folder, name), redactor.text(text))
    }
  } catch (cause) {
    throw captureFailed(folder, cause)
  }
}

/** Who wrote which field is bulky and says nothing about a run. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
