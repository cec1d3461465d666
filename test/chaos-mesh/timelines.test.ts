import { afterEach, expect, test } from 'vitest'
import { startWorkflowWorld, type WorkflowWorld } from '../helpers/workflow-world.ts'
import type { Workflow, WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { events, pods, workflowNodes, workflows } from '../../src/contract/kinds.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import type { KubeEvent, Pod } from '../../src/contract/objects.ts'

let world: WorkflowWorld
afterEach(() => world.close())

const second = 1_000
const ref = { namespace: 'default', name: 'run1' }

function task(name: string, more: Partial<WorkflowTemplate> = {}): WorkflowTemplate {
  const container = { name: 'main', image: 'busybox' }
  return { name, templateType: 'Task', task: { container }, ...more }
}

interface Run {
  readonly seconds: number
  readonly exitCode: number
  readonly log?: string
}

const runs: Readonly<Record<string, Run>> = {
  a: { seconds: 30, exitCode: 0 },
  b: { seconds: 20, exitCode: 1 },
  c: { seconds: 300, exitCode: 0 },
  d: { seconds: 10, exitCode: 0 },
}

/** Starts a Workflow whose pods run as `runs` says. */
async function start(
  templates: readonly WorkflowTemplate[],
  { plays = runs, latencyMs }: { plays?: Readonly<Record<string, Run>>; latencyMs?: () => number } = {},
): Promise<void> {
  world = await startWorkflowWorld(latencyMs === undefined ? {} : { latencyMs })
  const { kube, clock } = world
  kube.watch<Pod>(pods).subscribe(({ type, object }) => {
    const run = plays[templateOf(object)]
    if (type !== 'ADDED' || run === undefined) return
    void world.run(object)
    clock.after(run.seconds * second, () => void world.end(object, run))
  })
  await kube.create<Workflow>(workflows, {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { ...ref, annotations: { any: 'thing' } },
    spec: { entry: 'e', templates: [...templates] },
  })
}

/** Template of the Task that a pod is of. */
function templateOf({ metadata }: Pod): string {
  return (metadata.labels?.[chaosMeshKeys.controlledBy] ?? '').replace(/-[a-z0-9]{5}$/, '')
}

const nodeTemplate = ({ spec }: WorkflowNode): string => spec.templateName

/** Every node and what it says, in short: `e Accomplished=False Aborted=True/WorkflowAborted`. */
async function states(): Promise<Record<string, string>> {
  const { items } = await world.kube.list<WorkflowNode>(workflowNodes)
  return Object.fromEntries(items.map((node) => [nodeTemplate(node), wordsOf(node.status?.conditions)]))
}

function wordsOf(conditions: readonly { type: string; status: string; reason: string }[] = []): string {
  return conditions
    .map(({ type, status, reason }) => `${type}=${status}${reason === '' ? '' : `/${reason}`}`)
    .join(' ')
}

async function finishedOf(template: string): Promise<string[]> {
  const { items } = await world.kube.list<WorkflowNode>(workflowNodes)
  const names = new Map(items.map((node) => [node.metadata.name, nodeTemplate(node)]))
  const node = items.find((each) => nodeTemplate(each) === template)
  return (node?.status?.finishedChildren ?? []).map(({ name }) => names.get(name) ?? '').toSorted()
}

async function phases(): Promise<Record<string, string | undefined>> {
  const { items } = await world.kube.list<Pod>(pods)
  return Object.fromEntries(items.map((pod) => [templateOf(pod), pod.status?.phase]))
}

/** Seconds from start to end of the Workflow as it tells them; `undefined` while it has not ended. */
async function took(): Promise<number | undefined> {
  const { status } = await world.kube.get<Workflow>(workflows, ref)
  if (status?.endTime === undefined) return undefined
  return (Date.parse(status.endTime) - Date.parse(status.startTime ?? '')) / second
}

async function annotate(value: string | null): Promise<void> {
  const body = { metadata: { annotations: { [chaosMeshKeys.abort]: value } } }
  await world.kube.patch(workflows, ref, body, { type: 'merge' })
  await world.pass(100)
}

const steps = ['a', 'b', 'c', 'd']
const serial = (more: Partial<WorkflowTemplate> = {}): WorkflowTemplate => ({
  name: 'e',
  templateType: 'Serial',
  children: steps,
  ...more,
})
const four = [serial(), ...steps.map((name) => task(name))]

test('default: a Serial marches on after a step that failed', async () => {
  await start(four)
  await world.pass(10 * second)
  expect(await states()).toEqual({ e: 'Aborted=False Accomplished=False', a: '' })
  const { items } = await world.kube.list<WorkflowNode>(workflowNodes)
  expect(items.find((node) => nodeTemplate(node) === 'a')?.status).toEqual({ conditionalBranchesStatus: {} })
  await world.pass(400 * second)
  expect(await states()).toEqual({
    e: 'Aborted=False Accomplished=True',
    a: 'Accomplished=True',
    b: 'Accomplished=True',
    c: 'Accomplished=True',
    d: 'Accomplished=True',
  })
  expect(await phases()).toEqual({ a: 'Succeeded', b: 'Failed', c: 'Succeeded', d: 'Succeeded' })
  const { status } = await world.kube.get<Workflow>(workflows, ref)
  expect(wordsOf(status?.conditions)).toBe('Scheduled=True Accomplished=True')
  expect(await took()).toBeGreaterThanOrEqual(360)
})

test('behavior: an abort from outside comes after the next step has begun, and stops no pod', async () => {
  await start(four)
  await world.pass(60 * second)
  await annotate('true')
  const ended = await took()
  expect(ended).toBeGreaterThanOrEqual(60)
  expect(await phases()).toMatchObject({ c: 'Pending' })
  await world.pass(400 * second)
  expect(await states()).toEqual({
    e: 'Accomplished=False Aborted=True/WorkflowAborted',
    a: 'Accomplished=True',
    b: 'Accomplished=True',
    c: 'Aborted=True/ParentNodeAborted Accomplished=True',
  })
  expect(await finishedOf('e')).toEqual(['a', 'b', 'c'])
  expect(await took()).toBe(ended)
})

test('behavior: an abort by the failing step itself, before it ends, keeps the next one from starting', async () => {
  await start(four)
  await world.pass(40 * second)
  await annotate('true')
  await world.pass(400 * second)
  expect(await states()).toEqual({
    e: 'Accomplished=False Aborted=True/WorkflowAborted',
    a: 'Accomplished=True',
    b: 'Aborted=True/ParentNodeAborted Accomplished=True',
  })
  expect(await finishedOf('e')).toEqual(['a', 'b'])
})

test('behavior: without the annotation an aborted Workflow goes on with the next step', async () => {
  await start(four)
  await world.pass(60 * second)
  await annotate('true')
  await world.pass(10 * second)
  await annotate(null)
  expect(await took()).toBeUndefined()
  expect(Object.keys(await states()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
  await world.pass(60 * second)
  expect(await took()).toBeGreaterThanOrEqual(80)
  expect(await phases()).toMatchObject({ c: 'Pending', d: 'Succeeded' })
  await annotate('false')
  expect(await states()).toMatchObject({ c: 'Aborted=True/ParentNodeAborted' })
})

test('behavior: a deadline starts the next step beside the pod of the one it ends', async () => {
  const plays = { ...runs, b: { seconds: 300, exitCode: 0 } }
  const templates = [serial(), task('a'), task('b', { deadline: '20s' }), task('c'), task('d')]
  await start(templates, { plays })
  await world.pass(60 * second)
  expect(await states()).toMatchObject({ b: 'DeadlineExceed=True/NodeDeadlineExceed', c: '' })
  expect(await phases()).toMatchObject({ b: 'Pending', c: 'Pending' })
  await world.pass(300 * second)
  expect(await states()).toMatchObject({
    b: 'DeadlineExceed=True/NodeDeadlineExceed Accomplished=True',
    e: 'Aborted=False Accomplished=True',
  })
})

test('behavior: the deadline of the entry ends the Workflow, and its pods run on', async () => {
  await start([serial({ deadline: '100s' }), ...steps.map((name) => task(name))])
  await world.pass(120 * second)
  const { e = '', ...others } = await states()
  expect(e.split(' ').toSorted()).toEqual([
    'Aborted=False',
    'Accomplished=False',
    'DeadlineExceed=True/NodeDeadlineExceed',
  ])
  expect(others).toMatchObject({ c: 'DeadlineExceed=True/ParentNodeDeadlineExceed' })
  expect(others).not.toHaveProperty('d')
  // Up to a second early: times on objects are whole seconds.
  expect(await took()).toBeGreaterThanOrEqual(99)
  expect(await phases()).toMatchObject({ c: 'Pending' })
  await world.pass(300 * second)
  expect(await states()).toMatchObject({
    c: 'DeadlineExceed=True/ParentNodeDeadlineExceed Accomplished=True',
  })
})

test('behavior: a deadline that passes after the end is told as omitted', async () => {
  await start([serial(), ...steps.map((name) => task(name, { deadline: '40s' }))])
  await world.pass(60 * second)
  expect(await states()).toMatchObject({ a: 'Accomplished=True DeadlineExceed=True/NodeDeadlineOmitted' })
})

test('behavior: a branching Task is over with its branches, whatever the order in which controllers hear of it', async () => {
  const branches = [
    { target: 'c', expression: 'exitCode == 0' },
    { target: 'd', expression: 'exitCode != 0 && stdout contains "no <peers>"' },
  ]
  let turn = 0
  const latencyMs = (): number => [0, 700, 20, 300, 5][(turn += 1) % 5] ?? 0
  const b = { seconds: 20, exitCode: 1, log: 'x: no <peers> & more\n\n' }
  const plays = { ...runs, b, d: { seconds: 60, exitCode: 0 } }
  const templates = [
    serial({ children: ['b', 'a'] }),
    task('b', { conditionalBranches: branches }),
    ...four.slice(1),
  ]
  await start(
    templates.filter(({ name }, at) => templates.findIndex((other) => other.name === name) === at),
    { plays, latencyMs },
  )
  await world.pass(5 * second)
  const nodeB = async (): Promise<WorkflowNode | undefined> =>
    (await world.kube.list<WorkflowNode>(workflowNodes)).items.find((node) => nodeTemplate(node) === 'b')
  expect((await nodeB())?.status?.conditionalBranchesStatus).toEqual({
    branches: [
      { target: 'c', evaluationResult: 'Unknown' },
      { target: 'd', evaluationResult: 'Unknown' },
    ],
  })
  await world.pass(30 * second)
  expect(await states()).toMatchObject({ b: 'Accomplished=False', d: '' })
  await world.pass(200 * second)
  expect((await nodeB())?.status?.conditionalBranchesStatus).toEqual({
    branches: [
      { target: 'c', evaluationResult: 'False' },
      { target: 'd', evaluationResult: 'True' },
    ],
    context: [String.raw`{"exitCode":1,"stdout":"x: no \u003cpeers\u003e \u0026 more"}`],
  })
  expect(await states()).toEqual({
    e: 'Aborted=False Accomplished=True',
    b: 'Accomplished=True',
    d: 'Accomplished=True',
    a: 'Accomplished=True',
  })
})

test('error: a log that makes the node too large stalls it', async () => {
  const conditionalBranches = [{ target: 'c', expression: 'exitCode == 0' }]
  const plays = { ...runs, a: { seconds: 30, exitCode: 0, log: 'x'.repeat(2_000_000) } }
  await start([serial(), task('a', { conditionalBranches }), ...four.slice(2)], { plays })
  await world.pass(1_000 * second)
  expect(await states()).toEqual({ e: 'Aborted=False Accomplished=False', a: '' })
  expect(world.log.join('\n')).toContain('etcdserver: request is too large')
})

test('behavior: deleted, a Workflow is gone at once, its nodes from the leaves up, its pods after their grace', async () => {
  await start(four)
  await world.pass(35 * second)
  const { kube } = world
  const gone: string[] = []
  kube.watch<WorkflowNode>(workflowNodes).subscribe(({ type, object }) => {
    if (type === 'DELETED') gone.push(nodeTemplate(object))
  })
  await kube.delete(workflows, ref)
  expect(await kube.find(workflows, ref)).toBeUndefined()
  await world.pass(second)
  const { items } = await kube.list<Pod>(pods)
  const [left] = items
  expect(items.map(templateOf)).toEqual(['b'])
  expect(left?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 })
  expect(left?.metadata.finalizers).toBeUndefined()
  expect(gone).toEqual(['a'])
  await kube.delete(
    pods,
    { namespace: 'default', name: left?.metadata.name ?? '' },
    { gracePeriodSeconds: 0 },
  )
  await world.pass(second)
  expect((await kube.list(pods)).items).toEqual([])
  expect(gone).toEqual(['a', 'b', 'e'])
})

test('behavior: the deleted pod of a Task that is over comes again', async () => {
  await start(four)
  await world.pass(35 * second)
  const { kube } = world
  const { items } = await kube.list<Pod>(pods)
  const first = items.find((pod) => templateOf(pod) === 'a')?.metadata.name ?? ''
  await kube.delete(pods, { namespace: 'default', name: first })
  await world.pass(second)
  const again = (await kube.list<Pod>(pods)).items.filter((pod) => templateOf(pod) === 'a')
  expect(again.map(({ status }) => status?.phase)).toEqual(['Pending'])
  expect(again[0]?.metadata.name).not.toBe(first)
  const told = (await kube.list<KubeEvent>(events)).items.filter(({ reason }) => reason === 'TaskPodSpawned')
  expect(told).toHaveLength(3)
  expect(await states()).toMatchObject({ a: 'Accomplished=True' })
})
