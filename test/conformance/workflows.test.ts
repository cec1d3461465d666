import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type {
  SeiNodeTaskWorkflow,
  SeiNodeTaskWorkflowSpec,
} from '../../src/contract/crds/head/seinodetaskworkflow.ts'
import { namespaces, seiNodes, seiNodeTaskWorkflows, statefulSets } from '../../src/contract/kinds.ts'
import type { StatefulSet } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import {
  createFollower,
  createNetwork,
  eventsAbout,
  record,
  until,
  untilGone,
} from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'
import { distinct } from '../helpers/milestones.ts'
import { type ScriptedSidecars, startScriptedSidecars } from '../helpers/scripted-sidecar.ts'

/** Workflows of one node, whose sidecar the test plays. */
let kube: KubeClient
let sidecars: ScriptedSidecars
let alone: ControllersAlone
let serial = 0
let namespace = ''

beforeAll(async () => {
  alone = await startControllersAlone()
  kube = alone.kube
})

afterAll(async () => {
  await sidecars.close()
  await alone.close()
})

const reasonOf = ({ status }: SeiNode | SeiNodeTaskWorkflow, type: string): string | undefined =>
  status?.conditions?.find((condition) => condition.type === type)?.reason
const isSettled = (node: SeiNode): boolean =>
  reasonOf(node, 'NodeUpdateInProgress') === 'UpdateComplete' && node.status?.plan === undefined
const node = (): { namespace: string; name: string } => ({ namespace, name: 'lone' })

beforeEach(async () => {
  await (sidecars as ScriptedSidecars | undefined)?.close()
  sidecars = await startScriptedSidecars(kube)
  namespace = `flows-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  await until(kube, seiNodes, node(), isSettled)
  sidecars.submissions.length = 0
})

const witnesses = { rpcServers: ['one:26657', 'two:26657'] }

function create(
  name: string,
  spec: Partial<SeiNodeTaskWorkflowSpec> = {},
  target = 'lone',
): Promise<SeiNodeTaskWorkflow> {
  return kube.create<SeiNodeTaskWorkflow>(seiNodeTaskWorkflows, {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNodeTaskWorkflow',
    metadata: { name, namespace },
    spec: { kind: 'StateSync', target: { nodeRef: { name: target } }, stateSync: witnesses, ...spec },
  })
}

function untilPhase(name: string, phase: string): Promise<SeiNodeTaskWorkflow> {
  return until<SeiNodeTaskWorkflow>(
    kube,
    seiNodeTaskWorkflows,
    { namespace, name },
    ({ status }) => status?.phase === phase,
  )
}

const submitted = (): string[] =>
  distinct(sidecars.submissions.filter((each) => each.namespace === namespace).map(({ type }) => type))

test('default: a node takes a workflow on, works through its steps and lets it go', async () => {
  const flows = record<SeiNodeTaskWorkflow>(kube, seiNodeTaskWorkflows, namespace)
  const nodes = record<SeiNode>(kube, seiNodes, namespace)
  await create('sync')
  const done = await untilPhase('sync', 'Complete')
  expect(done.status?.plan?.tasks.map(({ type, status }) => `${type} ${status}`)).toEqual([
    'mark-not-ready Complete',
    'stop-seid Complete',
    'reset-data Complete',
    'configure-state-sync Complete',
    'mark-ready Complete',
  ])
  expect(done.status?.plan).not.toHaveProperty('targetPhase')
  await until<SeiNode>(kube, seiNodes, node(), ({ status }) => status?.adoptedWorkflow === undefined)
  await until<SeiNodeTaskWorkflow>(
    kube,
    seiNodeTaskWorkflows,
    { namespace, name: 'sync' },
    ({ metadata }) => (metadata.finalizers ?? []).length === 0,
  )
  expect(submitted()).toEqual([
    'mark-not-ready',
    'stop-seid',
    'reset-data',
    'configure-state-sync',
    'mark-ready',
  ])
  expect(sidecars.submissions.find(({ type }) => type === 'configure-state-sync')?.params).toMatchObject(
    witnesses,
  )
  const phases = (flows.get('sync') ?? []).map(({ status }) => status?.phase ?? '')
  expect(distinct(phases)).toEqual(['', 'Running', 'Complete'])
  const held = (nodes.get('lone') ?? []).map((each) => reasonOf(each, 'WorkflowInProgress'))
  expect(distinct(held.map(String))).toEqual(['NoWorkflow', 'WorkflowRunning', 'NoWorkflow'])
  const adopted = (nodes.get('lone') ?? []).find(({ status }) => status?.adoptedWorkflow !== undefined)
  expect(adopted?.status?.adoptedWorkflow).toMatchObject({ name: 'sync', uid: done.metadata.uid })
  expect(reasonOf(done, 'Adopted')).toBe('Adopted')
  expect(reasonOf(done, 'Ready')).toBe('WorkflowComplete')
  expect(reasonOf(done, 'Failed')).toBe('NotFailed')
  const told = await eventsAbout(kube, namespace, { kind: 'SeiNodeTaskWorkflow', name: 'sync' }, 2)
  expect(told.map((event) => event.split(':')[0])).toEqual([
    'Normal WorkflowAdopted',
    'Normal WorkflowComplete',
  ])
})

test('behavior: a migration is written before the state is synced', async () => {
  await create('giga', { stateSync: { ...witnesses, migration: { kind: 'GigaStore', gigaStore: {} } } })
  await untilPhase('giga', 'Complete')
  const patch = sidecars.submissions.find(({ type }) => type === 'config-patch')
  expect(patch?.params).toEqual({
    files: {
      'app.toml': {
        'state-commit': { 'sc-enable': true },
        'state-store': { 'ss-enable': true, 'evm-ss-split': true, 'ss-backend': 'pebbledb' },
      },
    },
  })
  expect(submitted().indexOf('config-patch')).toBe(submitted().indexOf('reset-data') + 1)
})

test('behavior: the older of two goes first, the other waits in the queue', async () => {
  let open = false
  sidecars.script = ({ type }) => (type === 'stop-seid' && !open ? 'running' : 'completed')
  await create('first')
  await untilPhase('first', 'Running')
  await create('second')
  const waiting = await untilPhase('second', 'Pending')
  expect(reasonOf(waiting, 'Adopted')).toBe('QueuedBehindActive')
  open = true
  await untilPhase('first', 'Complete')
  await untilPhase('second', 'Complete')
})

test('behavior: a node that is held makes no plans of its own and leaves its StatefulSet alone', async () => {
  let open = false
  sidecars.script = ({ type }) => (type === 'stop-seid' && !open ? 'running' : 'completed')
  await create('sync')
  await untilPhase('sync', 'Running')
  sidecars.healthy = () => false
  await kube.patch(seiNodes, node(), { spec: { image: 'sei/seid:dev2' } }, { type: 'merge' })
  const held = await until<SeiNode>(
    kube,
    seiNodes,
    node(),
    (each) => reasonOf(each, 'SidecarReady') === 'NotReady',
  )
  expect(held.status).not.toHaveProperty('plan')
  const { spec } = await kube.get<StatefulSet>(statefulSets, node())
  expect(spec.template.spec.containers[0]?.image).toBe('sei/seid:dev')
  open = true
  await untilPhase('sync', 'Complete')
  const next = await until<SeiNode>(kube, seiNodes, node(), ({ status }) => status?.plan !== undefined)
  expect(next.status?.plan?.tasks[0]?.type).toBe('apply-statefulset')
})

test('error: a step that fails parks the node, until the workflow is deleted by force', async () => {
  sidecars.script = ({ type }) => (type === 'reset-data' ? { failed: 'disk is full' } : 'completed')
  await create('sync')
  const failed = await untilPhase('sync', 'Failed')
  expect(failed.status?.plan?.failedTaskDetail).toMatchObject({ type: 'reset-data', error: 'disk is full' })
  expect(reasonOf(failed, 'Failed')).toBe('WorkflowFailed')
  const held = (each: SeiNode): boolean => reasonOf(each, 'WorkflowInProgress') === 'WorkflowFailedHeld'
  await until(kube, seiNodes, node(), held)
  const ref = { namespace, name: 'sync' }
  await kube.delete(seiNodeTaskWorkflows, ref)
  await create('next')
  expect(reasonOf(await untilPhase('next', 'Pending'), 'Adopted')).toBe('QueuedBehindActive')
  const told = await eventsAbout(kube, namespace, { kind: 'SeiNodeTaskWorkflow', name: 'sync' }, 3)
  expect(told.map((event) => event.split(':')[0])).toEqual([
    'Normal WorkflowAdopted',
    'Warning WorkflowFailed',
    'Warning WorkflowDeleteHeld',
  ])
  expect((await kube.get(seiNodeTaskWorkflows, ref)).metadata.deletionTimestamp).toBeDefined()
  sidecars.script = () => 'completed'
  const force = { metadata: { annotations: { 'sei.io/force-delete-workflow': 'yes' } } }
  await kube.patch(seiNodeTaskWorkflows, ref, force, { type: 'merge' })
  await untilGone(kube, seiNodeTaskWorkflows, ref)
  await untilPhase('next', 'Complete')
})

test('behavior: a failed workflow goes with its node', async () => {
  sidecars.script = ({ type }) => (type === 'reset-data' ? { failed: 'disk is full' } : 'completed')
  await create('sync')
  await untilPhase('sync', 'Failed')
  await kube.delete(seiNodeTaskWorkflows, { namespace, name: 'sync' })
  await kube.delete(seiNodes, node())
  await untilGone(kube, seiNodeTaskWorkflows, { namespace, name: 'sync' })
})

test('error: too few witnesses, a validator, a phase that never is: failed without being taken on', async () => {
  await create('lonely', { stateSync: {} })
  expect(reasonOf(await untilPhase('lonely', 'Failed'), 'Failed')).toBe('PlanBuildFailed')
  const target = { nodeRef: { name: 'lone' }, requirePhase: 'Failed', requirePhaseTimeout: '10s' } as const
  await create('late', { target })
  const late = await untilPhase('late', 'Failed')
  expect([reasonOf(late, 'Adopted'), reasonOf(late, 'Failed')]).toEqual([
    'TargetNotReady',
    'TargetPhaseTimeout',
  ])
  await createNetwork(kube, { namespace, name: 'net' })
  await until<SeiNode>(
    kube,
    seiNodes,
    { namespace, name: 'net-0' },
    ({ status }) => status?.phase === 'Running',
  )
  await create('validator', {}, 'net-0')
  expect(reasonOf(await untilPhase('validator', 'Failed'), 'Failed')).toBe('TargetRejected')
  expect((await kube.get<SeiNode>(seiNodes, node())).status).not.toHaveProperty('adoptedWorkflow')
})

test('error: a workflow on a node that is not there has no status at all', async () => {
  await create('nowhere', {}, 'nobody')
  await create('sync')
  await untilPhase('sync', 'Complete')
  const nowhere = await kube.get<SeiNodeTaskWorkflow>(seiNodeTaskWorkflows, { namespace, name: 'nowhere' })
  expect(nowhere).not.toHaveProperty('status')
})
