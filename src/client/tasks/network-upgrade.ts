import { taskDefaults } from '../../contract/task-defaults.ts'
import type { NetworkUpgrade, NetworkUpgradeResult, ProposalResult } from '../../contract/tasks.ts'
import { podName } from '../../contract/names.ts'
import type { Pod } from '../../contract/objects.ts'
import { hasCode } from '../../errors/guards.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { ClientNetwork } from '../network.ts'
import type { ClientNode } from '../node.ts'
import { expecting, type TaskContext } from './context.ts'
import { waitOptions, type Deadline } from './deadline.ts'
import { govUpgrade, govVote } from './governance.ts'
import { appliedHeight, proposalStatus, votingPeriodMs } from './governance-state.ts'
import { seidOf } from './target-state.ts'
import { taskError } from './task-error.ts'
import { updateNetworkImage, updateNodeImage } from './update-image.ts'

const kind = 'GovSoftwareUpgrade'
const pollMs = 200
/** Between the two reads of the block rate, ms of the cluster's time: closer together, a single slow block would decide. */
const sampleMs = 3_000
const sampleBlocks = 10
/** What a governance task takes until the controller reports it (it polls every 15 s), ms of the controller's time. */
const taskReportMs = 20_000

/** However fast the controller's clock: two rounds of tasks are work for the machine as well. */
const leastTasksMs = 4_000
const leastVotingBlocks = 20

interface Upgrade {
  readonly context: TaskContext
  readonly network: ClientNetwork
  readonly followers: readonly ClientNode[]
  readonly wanted: Omit<NetworkUpgrade, 'followers'>
  readonly deadline: Deadline
  /** Serves REST, where proposals and applied plans are read. */
  readonly witness: ClientNode
}

/**
 * Takes a network through a software upgrade as its operators do: measured block rate, a height far enough, every validator's
 * vote, no polling close to the height, the halt, the swap, and the proof.
 */
export async function networkUpgrade(
  context: TaskContext,
  network: ClientNetwork,
  followers: readonly ClientNode[],
  wanted: Omit<NetworkUpgrade, 'followers'>,
  deadline: Deadline,
): Promise<NetworkUpgradeResult> {
  const witness = await findWitness([...followers, ...network.validators], deadline)
  const upgrade: Upgrade = { context, network, followers, wanted, deadline, witness }
  const pace = await measure(network, context, deadline)
  const height = wanted.upgradeHeight ?? (await chooseHeight(upgrade, pace))
  const [first] = network.validators
  if (first === undefined) throw noValidators(network.name)
  const proposal = await govUpgrade(context, first, { ...wanted, upgradeHeight: height }, deadline)
  const votes = await Promise.all(
    network.validators.map((node) =>
      govVote(context, node, { proposalId: proposal.proposalId, ...commonOf(wanted) }, deadline),
    ),
  )
  await waitPassed(upgrade, proposal)
  const disturbance = {
    network: network.name,
    kind: 'upgrade',
    reason: `upgrade ${wanted.upgradeName}`,
  } as const
  return expecting(context, disturbance, async () => {
    await network.waitHeight(height - taskDefaults.stopPollingBefore, waitOptions(deadline))
    await waitHalt(upgrade, pace.blockMs)
    const images = await Promise.all([
      updateNetworkImage(context, network, wanted.image, deadline),
      ...followers.map((node) => updateNodeImage(context, node, wanted.image, deadline)),
    ])
    return {
      plan: { name: wanted.upgradeName, height },
      proposal,
      votes,
      blockMs: pace.blockMs,
      images,
      ...(await proveApplied(upgrade, height)),
    }
  })
}

interface BlockPace {
  /** Milliseconds of the cluster's time between blocks. */
  readonly blockMs: number
  /** Milliseconds of the chain's own time between blocks: what voting periods are measured in. */
  readonly chainMs: number
}

async function measure(network: ClientNetwork, context: TaskContext, deadline: Deadline): Promise<BlockPace> {
  const [node] = network.validators
  if (node === undefined) throw noValidators(network.name)
  const read = async (): Promise<{ height: number; time: number; at: number }> => {
    const { latestHeight, latestBlockTime } = await node.status(waitOptions(deadline))
    return { height: latestHeight, time: Date.parse(latestBlockTime), at: context.client.time.now() }
  }
  const first = await read()
  if (!context.client.cluster.simulated) await deadline.pause(sampleMs)
  await node.waitHeight(first.height + sampleBlocks, waitOptions(deadline))
  const last = await read()
  const blocks = last.height - first.height
  return { blockMs: (last.at - first.at) / blocks, chainMs: Math.max(1, (last.time - first.time) / blocks) }
}

/**
 * Far enough for two rounds of governance tasks and the voting period, with half as much again. Throws BAD_INPUT when the
 * chain would not get there in the time that is left.
 */
async function chooseHeight(
  { context, network, witness, deadline }: Upgrade,
  pace: BlockPace,
): Promise<number> {
  const tip = await network.latestHeight(waitOptions(deadline))
  const rate = context.client.cluster.rate ?? 1
  const votingMs = (await votingPeriodMs(witness, deadline)) ?? 0
  const tasks = Math.max(leastTasksMs, (2 * taskReportMs) / rate) / pace.blockMs
  // A simulated chain shortens its periods by its rate, its block times not; and it takes votes for some blocks at least.
  const voting = Math.max(leastVotingBlocks, votingMs / rate / pace.chainMs)
  const blocks = Math.ceil(1.5 * (voting + tasks)) + taskDefaults.stopPollingBefore
  const lead = Math.max(taskDefaults.minimumUpgradeLead, blocks)
  if (lead * pace.blockMs > deadline.left()) throw tooFar(votingMs, lead * pace.blockMs, deadline.left())
  return tip + lead
}

function tooFar(votingMs: number, neededMs: number, leftMs: number): Error {
  const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`
  return usageError([
    {
      what: `votes are taken for ${seconds(votingMs)} of the chain's time, and the height after that is ${seconds(neededMs)} away`,
      where: 'networkUpgrade(network, …)',
      expected: `a height that is reached within the ${seconds(leftMs)} that are left`,
      fix: "sei({ network: { genesis: { 'gov.voting_params.voting_period': '60s' } } }), or a longer timeoutMs",
    },
  ])
}

async function waitPassed(
  { context, witness, deadline, network }: Upgrade,
  proposal: ProposalResult,
): Promise<void> {
  for (;;) {
    const status = await proposalStatus(witness, proposal.proposalId, deadline)
    if (status === 'PROPOSAL_STATUS_PASSED') return
    const ended = status === 'PROPOSAL_STATUS_REJECTED' || status === 'PROPOSAL_STATUS_FAILED'
    if (ended || deadline.left() <= 1)
      throw taskError(context.client, {
        kind,
        at: network.validators[0] ?? network,
        class: ended ? 'failed' : 'timeout',
        reason: ended ? 'ProposalNotPassed' : 'Timeout',
        message: `proposal ${proposal.proposalId} is ${status ?? 'unknown to the node'}`,
        hint: 'a height that the chain had passed when the votes were counted makes a proposal FAILED',
      })
    await deadline.pause(pollMs)
  }
}

/**
 * The halt, seen without polling the chain: either every validator's seid has ended, or, where some stay alive at the
 * height before, the time for the blocks that were left has passed twice over.
 */
async function waitHalt({ context, network, deadline }: Upgrade, blockMs: number): Promise<void> {
  const { pods } = context.client.watches.of(network.namespace)
  const podsNow = (): (Pod | undefined)[] =>
    network.validators.map(({ namespace, name }) => pods.get({ namespace, name: podName(name) }))
  const before = podsNow().map((pod) => seidOf(pod)?.restartCount ?? 0)
  const hasEnded = (pod: Pod | undefined, at: number): boolean => {
    const seid = seidOf(pod)
    return pod !== undefined && (seid?.state?.running === undefined || seid.restartCount > (before[at] ?? 0))
  }
  const timeoutMs = Math.min(deadline.left(), 2 * taskDefaults.stopPollingBefore * blockMs + 1_000)
  const { signal, time } = deadline
  try {
    await pods.waitFor(() => (podsNow().every(hasEnded) ? true : undefined), {
      timeoutMs,
      time,
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (!hasCode(error, 'WAIT_TIMEOUT')) throw error
  }
}

async function proveApplied(
  { context, network, followers, wanted, deadline, witness }: Upgrade,
  height: number,
): Promise<Pick<NetworkUpgradeResult, 'appliedHeight' | 'heights'>> {
  const goal = height + taskDefaults.blocksPastUpgrade
  const nodes = [...network.validators, ...followers]
  const reached = await Promise.all(
    nodes.map(async (node) => [node.name, await node.waitHeight(goal, waitOptions(deadline))] as const),
  )
  const applied = await appliedHeight(witness, wanted.upgradeName, deadline)
  if (applied !== undefined) return { appliedHeight: applied, heights: Object.fromEntries(reached) }
  throw taskError(context.client, {
    kind,
    at: witness,
    reason: 'NotProven',
    message: `the chain passed height ${height} without applying plan ${wanted.upgradeName}`,
    hint: 'the height had passed before the proposal did, or the plan was cancelled',
  })
}

async function findWitness(nodes: readonly ClientNode[], deadline: Deadline): Promise<ClientNode> {
  for (const node of nodes) {
    const { tendermintRest } = await node.resolveEndpoints(deadline.signal)
    if (tendermintRest !== undefined) return node
  }
  throw usageError([
    {
      what: 'none of the nodes serves REST, where proposals and applied plans are read',
      where: 'networkUpgrade(network, { followers })',
      expected: 'a follower, or validators with api.rest.enable',
      fix: 'pass the followers, or set network.config["api.rest.enable"] to "true"',
    },
  ])
}

function noValidators(name: string): Error {
  return usageError([
    {
      what: `${name} has no validators that this client knows`,
      where: 'networkUpgrade(network, …)',
      expected: 'a network that this client created or found',
      fix: 'pass the network fixture, or what sei.getNetwork() gave',
    },
  ])
}

type Common = Pick<NetworkUpgrade, 'chainId' | 'fees' | 'keyName' | 'memo'>

/** What the votes take over from the proposal. */
function commonOf({ chainId, fees, keyName, memo }: Common): Common {
  return {
    ...(chainId === undefined ? {} : { chainId }),
    ...(fees === undefined ? {} : { fees }),
    ...(keyName === undefined ? {} : { keyName }),
    ...(memo === undefined ? {} : { memo }),
  }
}
