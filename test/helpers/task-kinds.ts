import type { AnyTaskKind, Era } from '../../src/contract/crds/eras.ts'
import type { TaskSpec } from '../../src/embedded/controllers/seinodetask/task.ts'
import { type Target, nodes, type TaskWorld } from './task-world.ts'

type Payload = Omit<TaskSpec, 'target' | 'kind' | 'timeoutSeconds'>

/** A task that is going to fail by what it says: refused by the API server, or ended by the controller. */
export interface BadParams {
  readonly why: string
  readonly payload: Payload
  readonly target?: Target
  /** Left out: the API server answers 422, with this in its message. */
  readonly reason?: 'TaskFailed' | 'ParamsBuildFailed'
  readonly message: string
}

/** One kind of task, and what each fate of it takes. */
export interface KindRow {
  readonly kind: AnyTaskKind
  readonly eras: readonly Era[]
  /** One that is admitted and need not come true. */
  readonly sample: Payload
  /** One that comes true on `target`. @default the sample */
  readonly payload?: (world: TaskWorld) => Payload | Promise<Payload>
  readonly target: string
  /** What `status.outputs` is then. */
  readonly outputs?: object
  readonly reason?: 'Confirmed'
  /** Over before the first look, always or when that is late: no status shows it under way then. */
  readonly atOnce?: 'always' | 'sometimes'
  /** Where and how its work never ends; left out, it has none that could last. */
  readonly endless?: {
    readonly node: string
    readonly payload: (world: TaskWorld) => Payload | Promise<Payload>
  }
  readonly bad: readonly BadParams[]
}

const both: readonly Era[] = ['head', 'june']
const fee = { fees: '10000usei', gas: 500_000 }
const proposal = { ...fee, chainId: 'net', title: 't', description: 'd', initialDeposit: '20000000usei' }
const upgrade = { ...proposal, upgradeName: 'v7.0', upgradeHeight: 1_000_000 }
const vote = { ...fee, chainId: 'net', option: 'yes', proposalId: 1 } as const
const changes = [{ subspace: 'staking', key: 'MaxValidators', value: 40 }]
const transaction = { txHash: /^[0-9A-F]{64}$/, height: 'number' }
const far = { targetHeight: 1_000_000 }

const wrongPayload = (kind: string): BadParams => ({
  why: 'the payload of another kind',
  payload: kind === 'AwaitNodesAtHeight' ? { updateNodeImage: { image: 'x' } } : { awaitNodesAtHeight: far },
  message: `needs spec.`,
})
const missing: BadParams = { why: 'no payload', payload: {}, message: 'set exactly one payload' }

export const kindRows: readonly KindRow[] = [
  {
    kind: 'GovSoftwareUpgrade',
    eras: both,
    target: nodes.validator,
    sample: { govSoftwareUpgrade: upgrade },
    outputs: { govSoftwareUpgrade: { ...transaction, proposalId: 'number' } },
    reason: 'Confirmed',
    endless: {
      node: nodes.halted[0],
      payload: () => ({ govSoftwareUpgrade: { ...upgrade, chainId: 'halted' } }),
    },
    bad: [
      missing,
      wrongPayload('GovSoftwareUpgrade'),
      {
        why: 'a fee of another coin',
        payload: { govSoftwareUpgrade: { ...upgrade, fees: '10uatom' } },
        reason: 'TaskFailed',
        message: 'fees must be a positive amount of usei',
      },
    ],
  },
  {
    kind: 'GovVote',
    eras: both,
    target: nodes.validator,
    sample: { govVote: vote },
    payload: async (world) => {
      const task = await world.over(
        await world.create(
          'for-vote',
          { kind: 'GovSoftwareUpgrade', govSoftwareUpgrade: upgrade },
          { node: nodes.validator },
        ),
      )
      const { proposalId = 0 } = task.status?.outputs?.govSoftwareUpgrade ?? {}
      return { govVote: { ...vote, proposalId } }
    },
    outputs: { govVote: transaction },
    reason: 'Confirmed',
    endless: {
      node: nodes.halted[1],
      payload: () => ({ govVote: { ...fee, chainId: 'halted', option: 'yes', proposalId: 1 } }),
    },
    bad: [
      missing,
      wrongPayload('GovVote'),
      {
        why: 'another chain',
        payload: { govVote: { ...fee, chainId: 'other', option: 'yes', proposalId: 1 } },
        reason: 'TaskFailed',
        message: 'chainId other does not match SEI_CHAIN_ID net',
      },
    ],
  },
  {
    kind: 'GovParamChange',
    eras: ['head'],
    target: nodes.validator,
    sample: { govParamChange: { ...proposal, changes } },
    outputs: { govParamChange: { ...transaction, proposalId: 'number' } },
    reason: 'Confirmed',
    endless: {
      node: nodes.halted[2],
      payload: () => ({ govParamChange: { ...proposal, chainId: 'halted', changes } }),
    },
    bad: [
      missing,
      wrongPayload('GovParamChange'),
      {
        why: 'a memo with the tag that the sidecar appends',
        payload: { govParamChange: { ...proposal, changes, memo: 'taskID=1' } },
        reason: 'TaskFailed',
        message: 'memo must not contain taskID=',
      },
    ],
  },
  {
    kind: 'AwaitCondition',
    eras: both,
    target: nodes.validator,
    sample: { awaitCondition: { height: far } },
    payload: async (world) => ({ awaitCondition: { height: await ahead(world) } }),
    endless: { node: nodes.validator, payload: () => ({ awaitCondition: { height: far } }) },
    bad: [
      missing,
      wrongPayload('AwaitCondition'),
      { why: 'no condition', payload: { awaitCondition: {} }, message: 'set exactly one condition' },
    ],
  },
  {
    kind: 'AwaitNodesAtHeight',
    eras: both,
    target: nodes.validator,
    sample: { awaitNodesAtHeight: far },
    payload: async (world) => ({ awaitNodesAtHeight: await ahead(world) }),
    endless: { node: nodes.halted[0], payload: () => ({ awaitNodesAtHeight: { targetHeight: 6 } }) },
    bad: [
      missing,
      wrongPayload('AwaitNodesAtHeight'),
      {
        why: 'height 0',
        payload: { awaitNodesAtHeight: { targetHeight: 0 } },
        message: 'spec.awaitNodesAtHeight.targetHeight',
      },
    ],
  },
  {
    kind: 'UpdateNodeImage',
    eras: both,
    target: nodes.followers[0],
    sample: { updateNodeImage: { image: 'sei/seid:dev2' } },
    outputs: { updateNodeImage: { appliedImage: 'sei/seid:dev2' } },
    endless: { node: nodes.paused, payload: () => ({ updateNodeImage: { image: 'sei/seid:dev2' } }) },
    bad: [
      missing,
      wrongPayload('UpdateNodeImage'),
      {
        why: 'an empty image',
        payload: { updateNodeImage: { image: '' } },
        message: 'spec.updateNodeImage.image',
      },
    ],
  },
  {
    kind: 'RestartSeid',
    eras: ['head'],
    target: nodes.followers[1],
    sample: { restartSeid: {} },
    endless: { node: nodes.crashing, payload: () => ({ restartSeid: {} }) },
    bad: [missing, wrongPayload('RestartSeid')],
  },
  {
    kind: 'MarkReady',
    eras: ['head'],
    target: nodes.validator,
    sample: { markReady: {} },
    atOnce: 'always',
    bad: [missing, wrongPayload('MarkReady')],
  },
  {
    kind: 'DiscoverPeers',
    eras: ['june'],
    target: nodes.followers[1],
    sample: { discoverPeers: {} },
    atOnce: 'sometimes',
    bad: [
      missing,
      wrongPayload('DiscoverPeers'),
      {
        why: 'a node without peers',
        payload: { discoverPeers: {} },
        target: { node: nodes.crashing },
        reason: 'ParamsBuildFailed',
        message: 'has no usable peer sources',
      },
    ],
  },
  {
    kind: 'RestartPod',
    eras: ['june'],
    target: nodes.followers[1],
    sample: { restartPod: { podUID: 'a-uid' } },
    payload: async (world) => ({ restartPod: { podUID: await world.podUid(nodes.followers[1]) } }),
    endless: {
      node: nodes.crashing,
      payload: async (world) => ({ restartPod: { podUID: await world.podUid(nodes.crashing) } }),
    },
    bad: [
      missing,
      wrongPayload('RestartPod'),
      { why: 'an empty uid', payload: { restartPod: { podUID: '' } }, message: 'spec.restartPod.podUID' },
    ],
  },
]

/** A height that the chain has yet to reach, but soon will. */
export async function ahead({ cluster }: TaskWorld): Promise<{ targetHeight: number }> {
  const url = await cluster.reach(`http://${nodes.validator}.default.svc:26657/status`)
  const { sync_info } = (await (await fetch(url)).json()) as {
    sync_info: { latest_block_height: string }
  }
  return { targetHeight: Number(sync_info.latest_block_height) + 3 }
}
