import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { eras, type Era } from '../../src/contract/crds/eras.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import { namespaces, seiNodes, seiNodeTasks } from '../../src/contract/kinds.ts'
import { taskId } from '../../src/embedded/controllers/plans/task-id.ts'
import type { Task, TaskSpec } from '../../src/embedded/controllers/seinodetask/task.ts'
import { createFollower, record, until } from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'
import { taskStatuses } from '../helpers/kind-captures.ts'
import { distinct, taskMilestone } from '../helpers/milestones.ts'
import { type ScriptedSidecars, startScriptedSidecars } from '../helpers/scripted-sidecar.ts'

/** Tasks on one node, whose sidecar the test plays; what a whole cluster makes of them is in the e2e tests. */
const controllers = new Map<Era, ControllersAlone>()
let sidecars: ScriptedSidecars
let serial = 0
let namespace = ''

beforeAll(async () => {
  for (const era of eras) controllers.set(era, await startControllersAlone({ era }))
})

afterAll(async () => {
  await sidecars?.close()
  await Promise.all([...controllers.values()].map((each) => each.close()))
})

const kubeOf = (era: Era): ControllersAlone['kube'] => {
  const found = controllers.get(era)
  if (found === undefined) throw new Error(`no controllers of ${era}`)
  return found.kube
}

const vote = { chainId: 'net', fees: '10000usei', gas: 300_000, proposalId: 1, option: 'yes' } as const
const txHash = 'AB'.repeat(32)

interface Scene {
  create(spec: Omit<TaskSpec, 'target'>): Promise<Task>
  untilStatus(task: Task, holds: (status: NonNullable<Task['status']>) => boolean): Promise<Task>
  milestones(task: Task): string[]
  submissions(): { id: string; type: string; params: unknown }[]
}

/** A namespace with a Running node that has a sidecar. */
async function scene(era: Era): Promise<Scene> {
  const kube = kubeOf(era)
  await sidecars?.close()
  sidecars = await startScriptedSidecars(kube)
  namespace = `tasks-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  const isSettled = (node: SeiNode): boolean =>
    node.status?.conditions?.some(({ reason }) => reason === 'UpdateComplete') === true
  await until(kube, seiNodes, { namespace, name: 'lone' }, isSettled)
  sidecars.submissions.length = 0
  const versions = record<Task>(kube, seiNodeTasks, namespace)
  return {
    create: (spec) =>
      kube.create<Task>(seiNodeTasks, {
        apiVersion: 'sei.io/v1alpha1',
        kind: 'SeiNodeTask',
        metadata: { name: `task-${(serial += 1)}`, namespace },
        spec: { ...spec, target: { nodeRef: { name: 'lone' } } },
      }),
    untilStatus: ({ metadata: { name } }, holds) =>
      until<Task>(
        kube,
        seiNodeTasks,
        { namespace, name },
        ({ status }) => status !== undefined && holds(status),
      ),
    milestones: ({ metadata: { name } }) =>
      distinct((versions.get(name) ?? []).map(({ status }) => taskMilestone(status))),
    submissions: () =>
      sidecars.submissions.filter((each) => each.namespace === namespace && each.type !== 'mark-ready'),
  }
}

const isOver = ({ phase }: { phase?: string }): boolean => phase === 'Complete' || phase === 'Failed'
const met = 'TargetReady=T/PhaseMet'

let stage: Scene
beforeEach(async ({ task }) => {
  stage = await scene(task.name.includes('june') ? 'june' : 'head')
})

test('default: the id of the work is made of the uid and the kind, as recorded', () => {
  expect(taskId('1e5573c9-c797-4f76-9052-5a763604af74', 'UpdateNodeImage', 0)).toBe(
    taskStatuses('upd-rpc-0').at(-1)?.task?.id,
  )
})

test('default: a transaction is submitted once with the key of the ceremony, and confirmed', async () => {
  const result = { txHash, height: 7, inclusionStatus: 'committed_ok' }
  sidecars.script = () => ({ completed: result })
  const task = await stage.create({ kind: 'GovVote', govVote: vote })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status?.outputs).toEqual({ govVote: { txHash, height: 7 } })
  expect(stage.milestones(task).at(-1)).toBe(`Complete Complete+ govVote Ready=T/Confirmed ${met}`)
  expect(stage.submissions()).toMatchObject([
    { id: status?.task?.id, type: 'gov-vote', params: { ...vote, keyName: 'validator' } },
  ])
})

test('error: a transaction that was included with an error has its outputs', async () => {
  const result = { txHash, height: 7, code: 3, inclusionStatus: 'committed_failed' }
  sidecars.script = () => ({ failed: `tx ${txHash} committed but failed`, result })
  const task = await stage.create({ kind: 'GovVote', govVote: vote })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status?.outputs).toEqual({ govVote: { txHash, height: 7 } })
  expect(stage.milestones(task).at(-1)).toBe(`Failed Failed+ err govVote Failed=T/TxFailed ${met}`)
})

test('error: one of which nobody knows is looked for under the same id, until its time is up', async () => {
  sidecars.script = () => ({ failed: 'not seen', result: { txHash, inclusionStatus: 'pending' } })
  const task = await stage.create({ kind: 'GovVote', govVote: vote, timeoutSeconds: 600 })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status?.outputs).toEqual({ govVote: { txHash } })
  expect(status?.task).toMatchObject({ status: 'Failed', err: 'not seen' })
  expect(stage.milestones(task).at(-1)).toBe(
    `Failed Failed+ err govVote Failed=T/InclusionUndetermined ${met}`,
  )
  const ids = stage.submissions().map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(1)
  expect(new Set(ids).size).toBe(1)
})

test('error: one that cannot be verified fails without outputs', async () => {
  const result = { txHash, inclusionStatus: 'unverifiable' }
  sidecars.script = () => ({ failed: 'no index', result })
  const task = await stage.create({ kind: 'GovVote', govVote: vote })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status).not.toHaveProperty('outputs')
  expect(stage.milestones(task).at(-1)).toBe(`Failed Failed+ err Failed=T/TaskFailed ${met}`)
})

test('error: a sidecar that refuses is asked again; nothing tells of it, and no budget ends it', async () => {
  let refusals = 0
  sidecars.script = ({ type }) => {
    if (type !== 'restart-seid') return 'completed'
    return (refusals += 1) < 6 ? { refused: 'not today' } : 'completed'
  }
  const task = await stage.create({ kind: 'RestartSeid', restartSeid: {}, timeoutSeconds: 20 })
  await stage.untilStatus(task, isOver)
  expect(refusals).toBe(6)
  expect(stage.milestones(task)).toEqual([
    '- -',
    `Running Pending ${met}`,
    `Complete Complete+ Ready=T/TaskComplete ${met}`,
  ])
})

test('error: work that lasts is given up when its time is up, and was submitted once', async () => {
  sidecars.script = ({ type }) => (type === 'await-condition' ? 'running' : 'completed')
  const spec = { awaitNodesAtHeight: { targetHeight: 5 }, timeoutSeconds: 20 }
  const task = await stage.create({ kind: 'AwaitNodesAtHeight', ...spec })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status?.task?.err).toBe('timeout')
  expect(stage.submissions()).toHaveLength(1)
})

test('behavior: a change of the spec counts in flight: another image is awaited, the first one was applied', async () => {
  const kube = kubeOf('head')
  const image = (tag: string): { updateNodeImage: { image: string } } => ({ updateNodeImage: { image: tag } })
  const stuck = { spec: { paused: true } }
  await kube.patch(seiNodes, { namespace, name: 'lone' }, stuck, { type: 'merge' })
  const task = await stage.create({ kind: 'UpdateNodeImage', ...image('sei/seid:other') })
  await stage.untilStatus(task, ({ task: work }) => work?.submittedAt !== undefined)
  const ref = { namespace, name: task.metadata.name }
  await kube.patch(seiNodeTasks, ref, { spec: image('sei/seid:dev') }, { type: 'merge' })
  const { status } = await stage.untilStatus(task, isOver)
  expect(status).toMatchObject({
    phase: 'Complete',
    outputs: { updateNodeImage: { appliedImage: 'sei/seid:dev' } },
  })
  // It was executed once, for the first image, and the node keeps that.
  expect((await kube.get<SeiNode>(seiNodes, { namespace, name: 'lone' })).spec.image).toBe('sei/seid:other')
})

test('behavior: what is over is never looked at again', async () => {
  const kube = kubeOf('head')
  const task = await stage.create({ kind: 'MarkReady', markReady: {} })
  const before = await stage.untilStatus(task, isOver)
  const ref = { namespace, name: task.metadata.name }
  await kube.patch(seiNodeTasks, ref, { spec: { timeoutSeconds: 9 } }, { type: 'merge' })
  await stage.untilStatus(await stage.create({ kind: 'MarkReady', markReady: {} }), isOver)
  expect((await kube.get<Task>(seiNodeTasks, ref)).status).toEqual(before.status)
})

test('behavior: june submits again at every poll, and has no reasons of its own for transactions', async () => {
  let asked = 0
  sidecars.script = ({ type }) =>
    type === 'gov-vote' && (asked += 1) < 3 ? 'running' : { completed: { txHash, height: 7 } }
  const task = await stage.create({ kind: 'GovVote', govVote: vote })
  const { status } = await stage.untilStatus(task, isOver)
  expect(stage.submissions().map(({ id }) => id)).toEqual(Array(3).fill(status?.task?.id))
  expect(stage.milestones(task)).toEqual([
    '- -',
    `Running Pending ${met}`,
    `Running Pending+ ${met}`,
    `Complete Complete+ govVote Ready=T/TaskComplete ${met}`,
  ])
})

test('behavior: june sends declared peers to the sidecar, labels as what they were resolved to', async () => {
  const kube = kubeOf('june')
  const address = `${'ab'.repeat(20)}@host:26656`
  const peers = [
    { static: { addresses: [address] } },
    { label: { selector: { 'sei.io/seinetwork': 'nobody' } } },
    { ec2Tags: { region: 'eu-central-1', tags: { chain: 'net' } } },
  ]
  await kube.patch(seiNodes, { namespace, name: 'lone' }, { spec: { peers } }, { type: 'merge' })
  await until<SeiNode>(
    kube,
    seiNodes,
    { namespace, name: 'lone' },
    ({ status }) => status?.resolvedPeers?.includes(address) === true,
  )
  await stage.untilStatus(await stage.create({ kind: 'DiscoverPeers', discoverPeers: {} }), isOver)
  expect(stage.submissions()).toMatchObject([
    {
      type: 'discover-peers',
      params: {
        sources: [
          { type: 'static', addresses: [address] },
          { type: 'static', addresses: [address] },
          { type: 'ec2Tags', region: 'eu-central-1', tags: { chain: 'net' } },
        ],
      },
    },
  ])
})
