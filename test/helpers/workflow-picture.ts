import type { StatusCheck } from '../../src/contract/crds/chaos-mesh/statuscheck.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import type { RecordedStage } from './chaos-mesh-captures.ts'

/** Objects of a Workflow without what differs from run to run: times, uids, and names as `rename` makes them. */
export interface Picture {
  readonly workflow?: unknown
  readonly nodes?: readonly unknown[]
  readonly pods?: readonly unknown[]
  readonly checks?: readonly unknown[]
}

/** What status checks look at. */
const site = /http:\/\/127\.0\.0\.1:\d+/g

export type Rename = (text: string) => string

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
}

export function pictureOf(stage: RecordedStage, rename: Rename): Picture {
  const { workflow, workflownodes, pods, statuschecks } = stage
  const gone = workflow === null
  const drawn = {
    ...(workflow === undefined ? {} : { workflow: workflow === null ? null : drawWorkflow(workflow) }),
    // While all goes at once, only what something still holds can be compared.
    ...(workflownodes === undefined || (gone && pods === undefined)
      ? {}
      : { nodes: workflownodes.map(drawNode) }),
    ...(pods === undefined ? {} : { pods: pods.map(drawPod) }),
    ...(statuschecks === undefined ? {} : { checks: (statuschecks as StatusCheck[]).map(drawCheck) }),
  }
  const named = JSON.parse(rename(JSON.stringify(drawn).replaceAll(site, 'http://site')), byKey) as Record<
    string,
    unknown
  >
  return Object.fromEntries(Object.entries(named).map(([key, value]) => [key, sorted(value)]))
}

function byKey(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Lists of names have the order of creation times, which are whole seconds: between equals it is chance. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const items = value.map((item: { children?: string[][] }) =>
    item.children === undefined
      ? item
      : { ...item, children: item.children.map((names) => names.toSorted()) },
  )
  return items
    .map((item) => [JSON.stringify(item), item] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item)
}

function drawWorkflow({ status }: NonNullable<RecordedStage['workflow']>): unknown {
  return {
    entryNode: status?.entryNode,
    started: status?.startTime !== undefined,
    ended: status?.endTime !== undefined,
    // Which of the two is first depends on how old the reading of the entry node was.
    conditions: words(status?.conditions).toSorted(),
  }
}

function drawMetadata({ metadata }: KubeObject): Record<string, unknown> {
  const { labels, finalizers = [], generateName, ownerReferences = [], deletionTimestamp } = metadata
  const owners = ownerReferences.map(({ uid: _, ...owner }) => owner)
  const base = generateName?.replace(/-$/, '')
  return { labels, finalizers, base, owners, deleting: deletionTimestamp !== undefined }
}

function drawNode(node: WorkflowNode): unknown {
  const { startTime, deadline, ...spec } = node.spec
  const { conditions, activeChildren = [], finishedChildren = [], ...status } = node.status ?? {}
  const seconds = deadline === undefined ? undefined : (Date.parse(deadline) - Date.parse(startTime)) / 1_000
  return {
    ...drawMetadata(node),
    name: node.metadata.name,
    spec,
    seconds,
    conditions: inOrder(words(conditions)),
    children: [activeChildren, finishedChildren].map((list) => list.map(({ name }) => name)),
    status,
  }
}

/** The recorded servers gave pods no account. */
const isTokenVolume = ({ name }: { name: string }): boolean => name.startsWith('kube-api-access-')

function drawPod(pod: Pod): unknown {
  const containers = pod.spec.containers.map(
    ({
      terminationMessagePath: _path,
      terminationMessagePolicy: _policy,
      volumeMounts = [],
      ...container
    }) => ({
      ...container,
      mounts: volumeMounts.filter((mount) => !isTokenVolume(mount)),
    }),
  )
  const { restartPolicy, volumes = [] } = pod.spec
  return {
    ...drawMetadata(pod),
    containers,
    restartPolicy,
    volumes: volumes.filter((volume) => !isTokenVolume(volume)),
    phase: pod.status?.phase,
  }
}

function drawCheck(check: StatusCheck): unknown {
  // Real controllers write them in any order.
  const conditions = words(check.status?.conditions).toSorted()
  return { ...drawMetadata(check), spec: check.spec, conditions }
}

function words(conditions: readonly Condition[] = []): string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status}/${reason ?? 'none'}`)
}

/** What is not true is written by several at the beginning, in any order; of what is true the order counts. */
function inOrder(conditions: readonly string[]): string[] {
  const runs: string[][] = []
  for (const condition of conditions) {
    const last = runs.at(-1)
    const isFalse = condition.includes('=False')
    if (isFalse && last?.[0]?.includes('=False') === true) last.push(condition)
    else runs.push([condition])
  }
  return runs.flatMap((run) => run.toSorted())
}

/** Said again when a status was written in between; how often is chance. */
const repeatable: ReadonlySet<string> = new Set(['WorkflowAborted', 'StatusCheckDeleted'])

/** What was told about each Workflow and node, in its order. */
export function storiesOf(events: readonly KubeEvent[], rename: Rename): Map<string, string[]> {
  const stories = new Map<string, string[]>()
  const timeOf = ({ metadata }: KubeEvent): bigint => BigInt(`0x${metadata.name.split('.').at(-1) ?? '0'}`)
  for (const event of events.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))) {
    const { kind = '', name = '' } = event.involvedObject
    if (kind !== 'Workflow' && kind !== 'WorkflowNode') continue
    const about = rename(`${kind} ${name}`)
    const story = stories.get(about) ?? []
    stories.set(about, story)
    const { annotations = {} } = event.metadata
    const told = Object.entries(annotations).toSorted(([a], [b]) => (a < b ? -1 : 1))
    const { component } = event.source ?? {}
    const line = rename(
      `${event.type} ${event.reason} x${event.count} by ${component}: ${event.message} ${JSON.stringify(told)}`,
    )
    if (!(repeatable.has(event.reason ?? '') && story.includes(line))) story.push(line)
  }
  return stories
}
