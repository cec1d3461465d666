import type { ChaosEvent } from '../events.ts'

/** Every event of the Workflow controllers; wording and field names are the real ones, tools match on them. */

const normal = (
  name: string,
  reason: string,
  message: string,
  fields?: Record<string, string>,
): ChaosEvent => ({ name, type: 'Normal', reason, message, fields })

const warning = (
  name: string,
  reason: string,
  message: string,
  fields?: Record<string, string>,
): ChaosEvent => ({ ...normal(name, reason, message, fields), type: 'Warning' })

/** Go writes a list that was never filled as null. */
const goList = (items: readonly string[]): string => (items.length === 0 ? 'null' : JSON.stringify(items))

export const invalidEntry = (entry: string): ChaosEvent =>
  warning('invalid-entry', 'InvalidEntry', `failed to spawn new entry node of workflow, entry: ${entry}`, {
    'entry-template': entry,
  })

export const entryCreated = (entry: string): ChaosEvent =>
  normal('entry-created', 'EntryCreated', `entry node created, entry node ${entry}`, { entry })

export const workflowAccomplished: ChaosEvent = normal(
  'workflow-accomplished',
  'WorkflowAccomplished',
  'workflow accomplished',
)

export const nodesCreated = (names: readonly string[]): ChaosEvent =>
  normal('nodes-created', 'NodesCreated', `child nodes created, ${names.join(',')}`, {
    'child-nodes': goList(names),
  })

export const nodeAccomplished: ChaosEvent = normal(
  'node-accomplished',
  'NodeAccomplished',
  'node accomplished',
)

export const rerunBySpecChanged = (names: readonly string[]): ChaosEvent =>
  normal(
    'rerun-by-spec-changed',
    'RerunBySpecChanged',
    `rerun by spec changed, remove children nodes: [${names.join(' ')}]`,
    { 'cleaned-children-node': goList(names) },
  )

export const taskPodSpawned = (pod: string): ChaosEvent =>
  normal('task-pod-spawned', 'TaskPodSpawned', `pod ${pod} spawned for task`, { 'pod-name': pod })

export const taskPodSpawnFailed: ChaosEvent = warning(
  'task-pod-spawn-failed',
  'TaskPodSpawnFailed',
  'failed to create pod for task',
)

export const taskPodCompleted = (pod: string): ChaosEvent =>
  normal('task-pod-pod-completed', 'TaskPodPodCompleted', `pod ${pod} for task node completed`, {
    'pod-name': pod,
  })

export const branchesSelected = (targets: readonly string[]): ChaosEvent =>
  normal(
    'conditional-branches-selected',
    'ConditionalBranchesSelected',
    `selected branches: [${targets.join(' ')}]`,
    { 'selected-branches': goList(targets) },
  )

export const deadlineExceed: ChaosEvent = normal('deadline-exceed', 'NodeDeadlineExceed', 'deadline exceed')

export const parentDeadlineExceed = (parent: string): ChaosEvent =>
  normal(
    'parent-node-deadline-exceed',
    'ParentNodeDeadlineExceed',
    `deadline exceed bscause parent node ${parent} deadline exceed`,
    { 'parent-node-name': parent },
  )

export const workflowAborted = (workflow: string): ChaosEvent =>
  normal('workflow-aborted', 'WorkflowAborted', `abort the node because workflow ${workflow} aborted`, {
    'workflow-name': workflow,
  })

export const parentNodeAborted = (parent: string): ChaosEvent =>
  normal('parent-node-aborted', 'ParentNodeAborted', `abort the node because parent node ${parent} aborted`, {
    'parent-node-name': parent,
  })

export const chaosCreated = (name: string, kind: string): ChaosEvent =>
  normal('chaos-custom-resource-created', 'ChaosCRCreated', `chaos CR ${name} created`, { name, kind })

export const chaosCreateFailed: ChaosEvent = warning(
  'chaos-custom-resource-create-failed',
  'ChaosCRCreateFailed',
  'failed to create chaos CR',
)

export const chaosDeleted = (name: string, kind: string): ChaosEvent =>
  normal('chaos-custom-resource-deleted', 'ChaosCRDeleted', `chaos CR ${name} deleted`, { name, kind })

export const chaosDeleteFailed = (name: string, kind: string): ChaosEvent =>
  warning('chaos-custom-resource-delete-failed', 'ChaosCRDeleteFailed', `chaos CR ${name} delete failed`, {
    name,
    kind,
  })

export const statusCheckCreated = (name: string): ChaosEvent =>
  normal('status-check-created', 'StatusCheckCreated', `status check ${name} created`, { name })

export const statusCheckDeleted = (name: string): ChaosEvent =>
  normal('status-check-deleted', 'StatusCheckDeleted', `status check ${name} deleted`, { name })

export const statusCheckDeletedFailed = (name: string): ChaosEvent =>
  warning('status-check-deleted-failed', 'StatusCheckDeletedFailed', `status check ${name} delete failed`, {
    name,
  })
