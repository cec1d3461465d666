import type { NodeHandle } from '../../contract/handles.ts'
import { hasCode } from '../../errors/guards.ts'
import { isRecord, readText } from '../../probe/json.ts'
import type { Deadline } from './deadline.ts'

/** Reads over REST; a node without it, or one that does not answer, knows nothing. */
async function read(node: NodeHandle, path: string, deadline: Deadline): Promise<unknown> {
  try {
    return await node.rest(path, deadline.signal === undefined ? {} : { signal: deadline.signal })
  } catch (error) {
    if (['CAPABILITY_MISSING', 'PROBE_FAILED', 'PROBE_TIMEOUT'].some((code) => hasCode(error, code as never)))
      return undefined
    throw error
  }
}

/** Least deposit with which voting begins, in usei; `undefined` where the node cannot be asked. */
export async function minDeposit(node: NodeHandle, deadline: Deadline): Promise<bigint | undefined> {
  const params = field(await read(node, '/cosmos/gov/v1beta1/params/deposit', deadline), 'deposit_params')
  const coins = field(params, 'min_deposit')
  if (!Array.isArray(coins)) return undefined
  const usei = coins.find((coin) => isRecord(coin) && coin['denom'] === 'usei')
  const amount = readText(field(usei, 'amount'))
  return /^\d+$/.test(amount) ? BigInt(amount) : undefined
}

/** How long votes are taken, in ms of the chain's time. */
export async function votingPeriodMs(node: NodeHandle, deadline: Deadline): Promise<number | undefined> {
  const params = field(await read(node, '/cosmos/gov/v1beta1/params/voting', deadline), 'voting_params')
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(readText(field(params, 'voting_period')))?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}

/** `PROPOSAL_STATUS_…`. */
export async function proposalStatus(
  node: NodeHandle,
  id: number,
  deadline: Deadline,
): Promise<string | undefined> {
  const proposal = field(await read(node, `/cosmos/gov/v1beta1/proposals/${id}`, deadline), 'proposal')
  const status = readText(field(proposal, 'status'))
  return status === '' ? undefined : status
}

/** Height at which a plan was applied; `undefined` while it was not. */
export async function appliedHeight(
  node: NodeHandle,
  plan: string,
  deadline: Deadline,
): Promise<number | undefined> {
  const path = `/cosmos/upgrade/v1beta1/applied_plan/${encodeURIComponent(plan)}`
  const height = Number(readText(field(await read(node, path, deadline), 'height')) || '0')
  return height > 0 ? height : undefined
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined
}
