import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Workflow, WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { chaosKind, events, pods, statusChecks, workflowNodes, workflows } from '../../src/contract/kinds.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import { startWorkflowWorld, type WorkflowWorld } from '../helpers/workflow-world.ts'

let world: WorkflowWorld
beforeEach(async () => {
  world = await startWorkflowWorld()
})
afterEach(() => world.close())

const second = 1_000

function task(name: string, more: Partial<WorkflowTemplate> = {}): WorkflowTemplate {
  const container = { name: 'main', image: 'busybox' }
  return { name, templateType: 'Task', task: { container }, ...more }
}

function serial(...children: string[]): WorkflowTemplate {
  return { name: 'e', templateType: 'Serial', children }
}

async function create(templates: readonly WorkflowTemplate[], name = 'run1', entry = 'e'): Promise<void> {
  await world.kube.create<Workflow>(workflows, {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name, namespace: 'default' },
    spec: { entry, templates: [...templates] },
  })
}

async function nodesOf(template: string): Promise<WorkflowNode[]> {
  const { items } = await world.kube.list<WorkflowNode>(workflowNodes)
  return items.filter(({ spec }) => spec.templateName === template)
}

async function wordsOf(template: string): Promise<string> {
  const [node] = await nodesOf(template)
  return (node?.status?.conditions ?? [])
    .map(({ type, status, reason }) => `${type}=${status}/${reason}`)
    .join(' ')
}

async function reasons(about: string): Promise<(string | undefined)[]> {
  const { items } = await world.kube.list<KubeEvent>(events)
  return items.filter(({ involvedObject }) => involvedObject.name === about).map(({ reason }) => reason)
}

async function endPods(exitCode: number): Promise<void> {
  const { items } = await world.kube.list<Pod>(pods)
  for (const pod of items.filter(({ status }) => status?.phase === 'Pending'))
    await world.end(pod, { exitCode })
  await world.pass(second)
}

const networkChaos = {
  action: 'partition',
  mode: 'all',
  selector: { labelSelectors: { app: 'seid' } },
  direction: 'both',
}

test('default: a fault is there until the deadline of its node, and the next step does not wait for its end', async () => {
  const faults = chaosKind('NetworkChaos')
  await create([
    serial('cut', 'a'),
    { name: 'cut', templateType: 'NetworkChaos', deadline: '30s', networkChaos },
    task('a'),
  ])
  await world.pass(10 * second)
  const [node] = await nodesOf('cut')
  const { items } = await world.kube.list<KubeObject & { spec: unknown }>(faults)
  const [fault] = items
  expect(items).toHaveLength(1)
  expect(fault).toMatchObject({
    metadata: {
      labels: { 'chaos-mesh.org/controlled-by': node?.metadata.name, 'chaos-mesh.org/workflow': 'run1' },
      ownerReferences: [{ kind: 'WorkflowNode', uid: node?.metadata.uid, controller: true }],
    },
    spec: networkChaos,
  })
  expect(fault?.metadata.finalizers).toBeUndefined()
  expect((await wordsOf('cut')).split(' ').toSorted()).toEqual([
    'ChaosInjected=True/ChaosCRCreated',
    'DeadlineExceed=False/NodeDeadlineNotExceed',
  ])
  expect(node?.status?.chaosResource).toEqual({
    apiGroup: 'chaos-mesh.org',
    kind: 'NetworkChaos',
    name: fault?.metadata.name,
  })
  await world.pass(30 * second)
  expect((await world.kube.list(faults)).items).toEqual([])
  expect(await wordsOf('cut')).toContain('DeadlineExceed=True/NodeDeadlineExceed')
  expect(await nodesOf('a')).toHaveLength(1)
  expect(await reasons(node?.metadata.name ?? '')).toEqual([
    'ChaosCRCreated',
    'NodeDeadlineExceed',
    'ChaosCRDeleted',
  ])
})

const awsChaos = { action: 'ec2-stop', awsRegion: 'eu-west-1', ec2Instance: 'i-1' }

test('error: a kind of chaos that is not served leaves its node as it is', async () => {
  await create([serial('cloud'), { name: 'cloud', templateType: 'AWSChaos', deadline: '30s', awsChaos }])
  await world.pass(10 * second)
  expect(await wordsOf('cloud')).toBe('DeadlineExceed=False/NodeDeadlineNotExceed')
  expect(world.log.join('\n')).toContain('awschaos')
})

test('behavior: a Serial without children is accomplished at once, also when it is the entry', async () => {
  await create([serial()])
  await world.pass(second)
  expect(await wordsOf('e')).toContain('Accomplished=True/')
  expect(await reasons('run1')).toEqual(['EntryCreated', 'WorkflowAccomplished'])
})

test('behavior: a Parallel whose children are changed starts all over', async () => {
  const parallel = { name: 'e', templateType: 'Parallel', children: ['a', 'b'] }
  await create([parallel, task('a'), task('b'), task('c')])
  await world.pass(second)
  const [entry] = await nodesOf('e')
  const first = await nodesOf('a')
  const ref = { namespace: 'default', name: entry?.metadata.name ?? '' }
  await world.kube.patch(workflowNodes, ref, { spec: { children: ['a', 'c'] } }, { type: 'merge' })
  await world.pass(5 * second)
  expect(await nodesOf('b')).toEqual([])
  expect((await nodesOf('a')).map(({ metadata }) => metadata.uid)).not.toEqual([first[0]?.metadata.uid])
  expect(await nodesOf('c')).toHaveLength(1)
  expect(await reasons(ref.name)).toContain('RerunBySpecChanged')
})

test('behavior: a deadline goes down to what has not finished, a pause included', async () => {
  await create([
    { name: 'e', templateType: 'Serial', children: ['p'], deadline: '20s' },
    { name: 'p', templateType: 'Parallel', children: ['a', 'b', 's'] },
    task('a'),
    task('b'),
    { name: 's', templateType: 'Suspend', deadline: '10m' },
  ])
  await world.pass(2 * second)
  const { items } = await world.kube.list<Pod>(pods)
  const podA = items.find(({ metadata }) => metadata.name.startsWith('a-'))
  if (podA !== undefined) await world.end(podA, { exitCode: 0 })
  await world.pass(30 * second)
  expect(await wordsOf('a')).toBe('Accomplished=True/')
  expect(await wordsOf('b')).toBe('DeadlineExceed=True/ParentNodeDeadlineExceed')
  expect(await wordsOf('s')).toBe('DeadlineExceed=True/ParentNodeDeadlineExceed')
  expect(await wordsOf('p')).toContain('DeadlineExceed=True/ParentNodeDeadlineExceed')
})

test('behavior: a step of a Workflow that was edited is the edited one', async () => {
  await create([serial('a', 'b'), task('a'), task('b')])
  await world.pass(second)
  const edited = [
    serial('a', 'b'),
    task('a'),
    task('b', { task: { container: { name: 'other', image: 'x' } } }),
  ]
  const ref = { namespace: 'default', name: 'run1' }
  await world.kube.patch(workflows, ref, { spec: { templates: edited } }, { type: 'merge' })
  await endPods(3)
  const [node] = await nodesOf('b')
  expect(node?.spec.task?.container?.name).toBe('other')
})

test('behavior: names are cut at 58 characters, and labels of the user give way', async () => {
  const long = 'a'.repeat(57)
  await create(
    [
      {
        ...task(long, {
          task: {
            container: { name: 'main', image: 'i' },
            labels: { own: 'yes', 'chaos-mesh.org/workflow': 'no' },
          },
        }),
      },
    ],
    'run1',
    long,
  )
  await world.pass(second)
  const { items } = await world.kube.list<Pod>(pods)
  const [{ metadata } = { metadata: { name: '', labels: {} } }] = items
  expect(metadata.name).toMatch(/^a{57}-[a-z0-9]{5}$/)
  expect(metadata.labels).toMatchObject({ own: 'yes', 'chaos-mesh.org/workflow': 'run1' })
})

test('error: a branch that leads nowhere, and a step whose deadline is no duration, are tried for ever', async () => {
  await create([
    serial('a', 'b'),
    task('a', { conditionalBranches: [{ target: 'nowhere', expression: 'exitCode == 0' }] }),
    task('b', { deadline: 'soon' }),
  ])
  await world.pass(second)
  await endPods(0)
  await world.pass(60 * second)
  expect(await wordsOf('a')).toBe('')
  expect(world.log.filter((line) => line.includes('called nowhere')).length).toBeGreaterThan(5)

  await create([serial('b'), task('b', { deadline: 'soon' })], 'run2')
  await world.pass(60 * second)
  expect(await nodesOf('b')).toEqual([])
  expect(world.log.filter((line) => line.includes('"soon"')).length).toBeGreaterThan(5)
})

test('behavior: a StatusCheck is looked at once an interval, and goes with its node', async () => {
  const http = { url: 'http://127.0.0.1:1/nobody', criteria: { statusCode: '200-299' } }
  const statusCheck = { type: 'HTTP' as const, intervalSeconds: 10, failureThreshold: 3, http }
  await create([serial('chk', 'a'), { name: 'chk', templateType: 'StatusCheck', statusCheck }, task('a')])
  await world.pass(15 * second)
  const [check] = (await world.kube.list<KubeObject & { status?: { count?: number } }>(statusChecks)).items
  expect(check?.metadata.finalizers).toEqual(['foregroundDeletion'])
  await world.pass(60 * second)
  expect(await wordsOf('chk')).toBe('Aborted=False/ Accomplished=True/StatusCheckCompleted')
  expect((await world.kube.list(statusChecks)).items).toEqual([])
  expect(await nodesOf('a')).toHaveLength(1)
  expect(await reasons(check?.metadata.name ?? '')).toContain('StatusCheckExecutionFailed')
})

test('behavior: a Workflow of a name that is still in use below takes on what it finds', async () => {
  await create([serial('a'), task('a')])
  await world.pass(second)
  const { items } = await world.kube.list<Pod>(pods)
  for (const pod of items) await world.run(pod)
  const [before] = await nodesOf('e')
  await world.kube.delete(workflows, { namespace: 'default', name: 'run1' })
  await world.pass(second)
  await create([serial('a'), task('a')])
  await world.pass(second)
  const { status } = await world.kube.get<Workflow>(workflows, { namespace: 'default', name: 'run1' })
  expect(status?.entryNode).toBe(before?.metadata.name)
})

test('error: a pod that ended without an exit code leaves the branches of its Task unknown', async () => {
  await create([
    serial('a', 'b'),
    task('a', { conditionalBranches: [{ target: 'b', expression: 'exitCode == 0' }] }),
    task('b'),
  ])
  await world.pass(second)
  const [pod] = (await world.kube.list<Pod>(pods)).items
  const ref = { namespace: 'default', name: pod?.metadata.name ?? '' }
  const evicted = { status: { phase: 'Failed', reason: 'Evicted' } }
  await world.kube.patch(pods, ref, evicted, { type: 'merge', subresource: 'status' })
  await world.pass(600 * second)
  expect(await wordsOf('a')).toBe('')
  expect(await nodesOf('b')).toEqual([])
  const [node] = await nodesOf('a')
  expect(node?.status?.conditionalBranchesStatus).toEqual({
    branches: [{ target: 'b', evaluationResult: 'Unknown' }],
  })
})

test('behavior: nothing but "true" aborts, and a deadline of no time ends a step as it begins', async () => {
  await create([serial('s', 'a'), { name: 's', templateType: 'Suspend', deadline: '0s' }, task('a')])
  await world.pass(5 * second)
  expect(await wordsOf('s')).toBe('DeadlineExceed=True/NodeDeadlineExceed')
  expect(await nodesOf('a')).toHaveLength(1)
  const annotations = { 'workflow.chaos-mesh.org/abort': 'True' }
  const ref = { namespace: 'default', name: 'run1' }
  await world.kube.patch(workflows, ref, { metadata: { annotations } }, { type: 'merge' })
  await world.pass(second)
  expect(await wordsOf('e')).toBe('Aborted=False/ Accomplished=False/')
})

test('behavior: an abort takes a running fault away, and one deleted in the foreground goes as well', async () => {
  const faults = chaosKind('NetworkChaos')
  await create([
    serial('cut', 'a'),
    { name: 'cut', templateType: 'NetworkChaos', deadline: '10m', networkChaos },
    task('a'),
  ])
  await world.pass(second)
  expect((await world.kube.list(faults)).items).toHaveLength(1)
  const ref = { namespace: 'default', name: 'run1' }
  const annotations = { 'workflow.chaos-mesh.org/abort': 'true' }
  await world.kube.patch(workflows, ref, { metadata: { annotations } }, { type: 'merge' })
  await world.pass(second)
  expect((await world.kube.list(faults)).items).toEqual([])
  expect(await nodesOf('a')).toEqual([])
  await world.kube.delete(workflows, ref, { propagationPolicy: 'Foreground' })
  await world.pass(5 * second)
  expect(await world.kube.find(workflows, ref)).toBeUndefined()
  expect((await world.kube.list(workflowNodes)).items).toEqual([])
})
