import type { HaltKind } from '../../contract/halts.ts'

/** What a chain that stands shows of itself, by the nodes that still answer. */
export interface ChainFacts {
  /** Height of the last committed block: of the node itself where it answers, else of its peers. */
  readonly tip: number
  /** `abci_info` of the node, the application's own height; left out where it does not answer. */
  readonly appHeight?: number | undefined
  /** How long the application has been behind the block store, ms. It is so for a moment at every block. */
  readonly apartMs?: number | undefined
  /** `current_plan`, if one is pending. */
  readonly plan?: { readonly name: string; readonly height: number } | undefined
  /** Highest share of the voting power in one round's votes, 0…1. */
  readonly prevoteShare?: number | undefined
  readonly precommitShare?: number | undefined
  /** Round step of CometBFT, 1…8; nobody is expected to have voted before 4, prevote. */
  readonly step?: number | undefined
}

export interface ChainJudgement {
  readonly kind: Extract<HaltKind, 'zombie' | 'upgrade-required' | 'frozen' | 'quorum-lost' | 'unknown'>
  readonly planName?: string | undefined
  readonly height: number
  readonly says: string
}

/** A block is stored before it is executed: the gap counts once it has lasted for several blocks. */
const zombieMs = 2_000
const stepPrevote = 4

/** Whether the plan is due at the next block. */
export function isPlanDue({ plan, tip }: ChainFacts): boolean {
  return plan !== undefined && plan.height === tip + 1
}

/** Why a chain stands whose node still lives. */
export function judgeChain(facts: ChainFacts): ChainJudgement {
  const { tip, appHeight, apartMs = 0, plan } = facts
  if (appHeight !== undefined && appHeight > 0 && appHeight < tip && apartMs >= zombieMs) {
    const says = `its block store has height ${tip}, its application stays at ${appHeight}`
    return { kind: 'zombie', height: tip, says }
  }
  if (plan !== undefined && isPlanDue(facts)) {
    const says = `it lives at height ${tip}, one before the plan ${plan.name} at ${plan.height}: it waits for the upgrade`
    return { kind: 'upgrade-required', planName: plan.name, height: plan.height, says }
  }
  return judgeVotes(facts)
}

function judgeVotes({ tip, prevoteShare, precommitShare, step }: ChainFacts): ChainJudgement {
  if (prevoteShare === undefined || (step !== undefined && step < stepPrevote)) {
    return { kind: 'unknown', height: tip, says: `no block after height ${tip}` }
  }
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const votes = `prevotes of ${percent(prevoteShare)} of the voting power`
  if (prevoteShare <= 2 / 3) {
    const says = `no quorum at height ${tip}: ${votes}, more than two thirds are needed`
    return { kind: 'quorum-lost', height: tip, says }
  }
  if (precommitShare !== undefined && precommitShare <= 2 / 3) {
    const says = `no quorum at height ${tip}: ${votes}, but precommits of ${percent(precommitShare)}`
    return { kind: 'quorum-lost', height: tip, says }
  }
  return {
    kind: 'frozen',
    height: tip,
    says: `execution stands at height ${tip}: ${votes} agree on the next block`,
  }
}
