import type { SeiNodeTask } from '../../contract/crds/head/seinodetask.ts'
import { taskDefaults } from '../../contract/task-defaults.ts'
import type {
  GovOptions,
  ParamChangeProposal,
  ProposalOptions,
  ProposalResult,
  TaskKind,
  UpgradeProposal,
  Vote,
  VoteResult,
} from '../../contract/tasks.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { ClientNode } from '../node.ts'
import { modeOf } from '../node-endpoints.ts'
import type { TaskContext } from './context.ts'
import { waitOptions, type Deadline } from './deadline.ts'
import { minDeposit } from './governance-state.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { taskError } from './task-error.ts'

/** Submits a software upgrade proposal. Throws BAD_INPUT for a height that has passed and a deposit that is too small. */
export async function govUpgrade(
  context: TaskContext,
  node: ClientNode,
  proposal: UpgradeProposal,
  deadline: Deadline,
): Promise<ProposalResult> {
  const { upgradeName, upgradeHeight, upgradeInfo } = proposal
  await checkTarget(node)
  await checkHeight(node, upgradeHeight, deadline)
  await checkDeposit(node, proposal, deadline)
  return submitProposal(context, node, 'GovSoftwareUpgrade', deadline, {
    govSoftwareUpgrade: {
      ...proposalOf(node, proposal, `upgrade to ${upgradeName} at height ${upgradeHeight}`),
      upgradeName,
      upgradeHeight,
      ...(upgradeInfo === undefined ? {} : { upgradeInfo }),
    },
  })
}

/** Submits a parameter change proposal. Throws BAD_INPUT for a deposit that is too small. */
export async function govParamChange(
  context: TaskContext,
  node: ClientNode,
  proposal: ParamChangeProposal,
  deadline: Deadline,
): Promise<ProposalResult> {
  const { changes } = proposal
  await checkTarget(node)
  await checkDeposit(node, proposal, deadline)
  const keys = changes.map(({ subspace, key }) => `${subspace}/${key}`).join(', ')
  return submitProposal(context, node, 'GovParamChange', deadline, {
    govParamChange: { ...proposalOf(node, proposal, `change ${keys}`), changes },
  })
}

/** Votes with the node's key. */
export async function govVote(
  context: TaskContext,
  node: ClientNode,
  { proposalId, option = 'yes', ...options }: Vote,
  deadline: Deadline,
): Promise<VoteResult> {
  const kind = 'GovVote'
  const result = beginResult(kind, node)
  await checkTarget(node)
  const govVote = { ...transactionOf(node, options, taskDefaults.voteGas), proposalId, option }
  const spec = { kind, target: { nodeRef: { name: node.name } }, govVote } as const
  const task = await runTask(context, { namespace: node.namespace, spec, deadline })
  const { txHash, height } = task.status?.outputs?.govVote ?? {}
  if (txHash === undefined || height === undefined) throw noOutputs(context, node, kind, task)
  return { ...result('task', task), txHash, height }
}

type Payload =
  | { govSoftwareUpgrade: NonNullable<SeiNodeTask['spec']['govSoftwareUpgrade']> }
  | { govParamChange: NonNullable<SeiNodeTask['spec']['govParamChange']> }

async function submitProposal(
  context: TaskContext,
  node: ClientNode,
  kind: 'GovSoftwareUpgrade' | 'GovParamChange',
  deadline: Deadline,
  payload: Payload,
): Promise<ProposalResult> {
  const result = beginResult(kind, node)
  const spec = { kind, target: { nodeRef: { name: node.name } }, ...payload }
  const task = await runTask(context, { namespace: node.namespace, spec, deadline })
  const outputs = task.status?.outputs
  const { txHash, height, proposalId } =
    (kind === 'GovSoftwareUpgrade' ? outputs?.govSoftwareUpgrade : outputs?.govParamChange) ?? {}
  if (txHash === undefined || height === undefined || proposalId === undefined)
    throw noOutputs(context, node, kind, task)
  return { ...result('task', task), txHash, height, proposalId }
}

function noOutputs({ client }: TaskContext, at: ClientNode, kind: TaskKind, task: SeiNodeTask): Error {
  return taskError(client, {
    kind,
    at,
    task: task.metadata.name,
    reason: 'NotProven',
    message: 'the task is Complete, but names no transaction or proposal',
    outputs: task.status?.outputs,
  })
}

type Transaction = Pick<GovOptions, 'keyName' | 'memo'> & { chainId: string; fees: string; gas: number }

function transactionOf(node: ClientNode, options: GovOptions, gas: number): Transaction {
  const { keyName, memo } = options
  return {
    chainId: options.chainId ?? node.chainId,
    fees: options.fees ?? taskDefaults.fees,
    gas: options.gas ?? gas,
    ...(keyName === undefined ? {} : { keyName }),
    ...(memo === undefined ? {} : { memo }),
  }
}

function proposalOf(
  node: ClientNode,
  options: ProposalOptions,
  what: string,
): Transaction & { title: string; description: string; initialDeposit: string } {
  const title = options.title ?? what
  return {
    ...transactionOf(node, options, taskDefaults.proposalGas),
    title,
    description: options.description ?? title,
    initialDeposit: options.initialDeposit ?? taskDefaults.deposit,
  }
}

/** Without an index of transactions the node cannot tell what became of one, and the task fails though it may have landed. */
async function checkTarget(node: ClientNode): Promise<void> {
  const object = await node.refresh()
  const indexer = object.spec.overrides?.['tx_index.indexer'] ?? defaultIndexer(modeOf(object))
  if (indexer === 'kv') return
  throw usageError([
    {
      what: `${node.name} keeps no index of transactions (tx_index.indexer is ${JSON.stringify(indexer)})`,
      where: 'a governance operation',
      expected: 'a node that can tell whether a transaction was included',
      fix: "sei({ network: { config: { 'tx_index.indexer': 'kv', 'api.rest.enable': 'true' } } })",
    },
  ])
}

/** What the controller's defaults give each mode. */
function defaultIndexer(mode: string): string {
  return mode === 'full' || mode === 'archive' ? 'kv' : 'null'
}

async function checkHeight(node: ClientNode, upgradeHeight: number, deadline: Deadline): Promise<void> {
  const tip = await node.latestHeight(waitOptions(deadline))
  if (upgradeHeight > tip) return
  throw usageError([
    {
      what: `height ${upgradeHeight} has passed: ${node.name} is at ${tip}`,
      where: 'govUpgrade(node, { upgradeHeight })',
      expected: `a height that the chain reaches after the votes are counted, at least ${taskDefaults.minimumUpgradeLead} blocks ahead`,
      fix: 'networkUpgrade(network, …) chooses one by the measured block rate',
    },
  ])
}

async function checkDeposit(node: ClientNode, options: ProposalOptions, deadline: Deadline): Promise<void> {
  const { initialDeposit = taskDefaults.deposit } = options
  const least = await minDeposit(node, deadline)
  if (least === undefined || BigInt(initialDeposit.replace(/usei$/, '')) >= least) return
  throw usageError([
    {
      what: `the deposit ${initialDeposit} is too small: voting would never begin`,
      where: 'proposal.initialDeposit',
      expected: `at least ${least}usei`,
      fix: `write '${least}usei'`,
    },
  ])
}
