import type { HaltIntent, HaltKind, HaltVerdict } from '../../contract/halts.ts'
import { isPlanDue, judgeChain, type ChainFacts } from './chain-facts.ts'
import { describeExit, haltOfExit, haltOfReason, reasonOfHalt, type ProcessExit } from './exit-code.ts'
import { findHaltLine, lastWords, type HaltLine } from './halt-line.ts'
import { trustedUpgradeInfo } from './upgrade-info.ts'

/** Everything that is known of a node that stopped, or of its chain. What is left out was not to be had. */
export interface HaltEvidence {
  readonly node: string
  /** Last height seen of the node, else of its network. */
  readonly lastHeight?: number | undefined
  /** Seen in `/status` of the process that stopped. */
  readonly intent?: HaltIntent | undefined
  /** Left out while the process lives. */
  readonly exit?: ProcessExit | undefined
  /** The end of its standard error or log. */
  readonly output?: string | undefined
  /** Content of `upgrade-info.json`. */
  readonly upgradeInfo?: string | undefined
  readonly chain?: ChainFacts | undefined
}

type Finding = Omit<HaltVerdict, 'node' | 'material' | 'exitCode' | 'reason'> & {
  readonly reason?: number | undefined
}

/**
 * Why a node stopped, by the best evidence there is: its own announcement, an exit code of the contract, what it wrote, what
 * the chain shows, and last that it crashed. Each step down is less certain; the verdict keeps where it comes from and the
 * material. Never throws.
 */
export function haltVerdict(evidence: HaltEvidence): HaltVerdict {
  const line = evidence.output === undefined ? undefined : findHaltLine(evidence.output)
  const found =
    ofIntent(evidence) ??
    ofContractCode(evidence, line) ??
    ofOutput(evidence, line) ??
    ofChain(evidence) ??
    ofExit(evidence)
  const reason = found.reason ?? reasonOfHalt(found.kind)
  const { code } = evidence.exit ?? {}
  return {
    ...found,
    height: found.height ?? evidence.lastHeight,
    node: evidence.node,
    ...(reason === undefined ? {} : { reason }),
    ...(code === undefined ? {} : { exitCode: code }),
    material: materialOf(evidence, line),
  }
}

function ofIntent({ intent }: HaltEvidence): Finding | undefined {
  if (intent === undefined) return undefined
  const { reason, planName, height } = intent
  const kind = haltOfReason(reason) ?? 'deliberate-unknown'
  const says = `it announced halt ${reason} (${kind})${forPlan(planName, height)}`
  return { kind, reason, source: 'halt_intent', certainty: 'announced', planName, height, says }
}

function ofContractCode(
  { exit, lastHeight, upgradeInfo }: HaltEvidence,
  line: HaltLine | undefined,
): Finding | undefined {
  const code = exit?.code
  const kind = code === undefined ? undefined : haltOfReason(code)
  if (code === undefined || kind === undefined) return undefined
  // The code has no room for the plan: the line and the file are written as before.
  const info = kind === 'upgrade-required' ? trustedUpgradeInfo(upgradeInfo, lastHeight) : undefined
  const own = line?.kind === kind ? line : undefined
  const planName = own?.planName ?? info?.name
  const height = own?.height ?? info?.height
  const says = `it exited with code ${code} (${kind})${forPlan(planName, height)}`
  return { kind, reason: code, source: 'exit-code', certainty: 'announced', planName, height, says }
}

/** Today's seid exits with 2 for all three; another code with such a line is that of a supervisor around it. */
const panicCode = 2

function ofOutput(
  { exit, lastHeight, upgradeInfo }: HaltEvidence,
  line: HaltLine | undefined,
): Finding | undefined {
  if (line !== undefined) {
    const { kind, planName, height } = line
    const masked = exit?.code !== undefined && exit.code !== panicCode && reasonOfHalt(kind) !== undefined
    const by = masked
      ? `; its exit code ${exit.code} is cosmovisor's, which kills and hides what it wraps`
      : ''
    const says = `it said ${JSON.stringify(line.line)}${by}`
    return { kind, source: 'stderr', certainty: 'inferred', planName, height, says }
  }
  // Not of a process that was asked to stop or killed: it may have left the file long before.
  const info = exit?.code === panicCode ? trustedUpgradeInfo(upgradeInfo, lastHeight) : undefined
  if (info === undefined) return undefined
  const { name: planName, height } = info
  const says = `it left upgrade-info.json${forPlan(planName, height)}`
  return { kind: 'upgrade-required', source: 'upgrade-info', certainty: 'inferred', planName, height, says }
}

function ofChain({ exit, chain }: HaltEvidence): Finding | undefined {
  if (chain === undefined) return undefined
  if (exit === undefined) return { ...judgeChain(chain), source: 'chain', certainty: 'inferred' }
  const ended = haltOfExit(exit)
  if (ended === 'stopped' || chain.plan === undefined || !isPlanDue(chain)) return undefined
  const { name: planName, height } = chain.plan
  const says = `${describeExit(exit)} with the chain at ${chain.tip}, one before the plan ${planName} at ${height}`
  return { kind: 'upgrade-required', source: 'chain', certainty: 'assumed', planName, height, says }
}

function ofExit({ exit, output }: HaltEvidence): Finding {
  if (exit === undefined) {
    return { kind: 'unknown', source: 'crash', certainty: 'assumed', says: 'it stands, and nothing says why' }
  }
  const kind: HaltKind = haltOfExit(exit)
  const words = kind === 'crash' && output !== undefined ? lastWords(output) : undefined
  const says = `${describeExit(exit)}${words === undefined ? '' : `; its last words: ${JSON.stringify(words)}`}`
  const certainty = kind === 'stopped' || kind === 'killed' ? 'inferred' : 'assumed'
  return { kind, source: kind === 'crash' || kind === 'unknown' ? 'crash' : 'exit-code', certainty, says }
}

function forPlan(planName: string | undefined, height: number | undefined): string {
  const plan = planName === undefined ? '' : ` for plan ${planName}`
  return height === undefined ? plan : `${plan} at height ${height}`
}

/** The tail alone of what was written: the rest is in the evidence folder. */
const outputTail = 2_000

function materialOf(evidence: HaltEvidence, line: HaltLine | undefined): Record<string, unknown> {
  const { intent, exit, output, upgradeInfo, chain, lastHeight } = evidence
  const all = {
    lastHeight,
    intent,
    exit,
    line: line?.line,
    output: output?.slice(-outputTail),
    upgradeInfo,
    chain,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
