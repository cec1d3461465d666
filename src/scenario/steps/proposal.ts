import { isRecord, readText } from '../../probe/json.ts'
import { restGet } from '../../probe/rest.ts'
import { hasCode } from '../../errors/guards.ts'
import { taskFailure } from './exit-reason.ts'
import { retryUntil } from './retry-until.ts'
import type { StepContext } from './step.ts'

/** `voting` finds the proposal in its voting period, `passed` waits for its end. */
export const proposalGoals = ['voting', 'passed'] as const

export type ProposalOptions = {
  /** Published URL of a REST API. */
  readonly rest: string
  readonly timeoutMs: number
} & (
  | { readonly until: 'voting'; readonly upgradeName: string }
  | { readonly until: 'passed'; readonly id: string }
)

const proposalVarKey = 'PROPOSAL_ID'

/**
 * Waits for a software-upgrade proposal. `voting` looks for the one in its voting period whose plan has that name and writes
 * PROPOSAL_ID; `passed` waits until it passed, and fails at once when it was rejected or failed.
 */
export async function runProposal(step: StepContext, options: ProposalOptions): Promise<void> {
  const { vars, say } = step
  if (options.until === 'passed') {
    await waitPassed(step, options.rest, options.id, options.timeoutMs)
    say(`proposal ${options.id} passed`)
    return
  }
  const { upgradeName, rest, timeoutMs } = options
  const goal = `a proposal in its voting period for ${upgradeName}`
  const id = await retryUntil(step, { goal, timeoutMs, everyMs: 2_000 }, async () =>
    idOf(await ask(step, rest, '/cosmos/gov/v1beta1/proposals?proposal_status=2'), upgradeName),
  )
  await vars.set({ [proposalVarKey]: id })
  say(`proposal ${id} is the one for ${upgradeName}`)
}

async function waitPassed(step: StepContext, rest: string, id: string, timeoutMs: number): Promise<void> {
  const goal = `proposal ${id} passes`
  const attempt = async (): Promise<true | undefined> => {
    const body = await ask(step, rest, `/cosmos/gov/v1beta1/proposals/${encodeURIComponent(id)}`)
    const proposal = isRecord(body) ? body['proposal'] : undefined
    const status = readText(isRecord(proposal) ? proposal['status'] : undefined)
    if (status === 'PROPOSAL_STATUS_PASSED') return true
    if (status === 'PROPOSAL_STATUS_REJECTED' || status === 'PROPOSAL_STATUS_FAILED')
      throw taskFailure(`proposal ${id} ended as ${status}`)
    return undefined
  }
  await retryUntil(step, { goal, timeoutMs, everyMs: 1_000 }, attempt, (error) =>
    hasCode(error, 'STEP_FAILED'),
  )
}

async function ask({ cluster, signal }: StepContext, rest: string, path: string): Promise<unknown> {
  return restGet(await cluster.reach(rest, signal), path, { signal })
}

/** Of the first proposal whose plan has the name; older answers have the content in the proposal, newer ones in a message. */
function idOf(body: unknown, upgradeName: string): string | undefined {
  const proposals = isRecord(body) && Array.isArray(body['proposals']) ? body['proposals'] : []
  const found = proposals.find((proposal) => planNames(proposal).includes(upgradeName))
  const id = isRecord(found) ? readText(found['proposal_id'] ?? found['id']) : ''
  return id === '' ? undefined : id
}

function planNames(proposal: unknown): string[] {
  if (!isRecord(proposal)) return []
  const messages = Array.isArray(proposal['messages']) ? proposal['messages'] : []
  return [proposal, ...messages].flatMap((holder) => {
    const content = isRecord(holder) ? holder['content'] : undefined
    const plan = isRecord(content) ? content['plan'] : undefined
    return isRecord(plan) ? [readText(plan['name'])] : []
  })
}
