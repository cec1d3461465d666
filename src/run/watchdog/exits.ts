import type { HaltIntent, HaltKind, HaltVerdict, Termination } from '../../contract/halts.ts'
import type { ChainFacts } from '../../probe/halt/chain-facts.ts'
import { haltVerdict } from '../../probe/halt/verdict.ts'
import type { Incident } from '../disruptions.ts'

/** The container whose end is the end of its node. */
export const nodeContainer = 'seid'

export interface ExitContext {
  readonly network: string
  readonly lastHeight?: number | undefined
  readonly intent?: HaltIntent | undefined
  readonly output?: string | undefined
  readonly chain?: ChainFacts | undefined
}

/** A container's end as an incident, with the verdict on it. */
export function judgeExit(
  termination: Termination,
  context: ExitContext,
): { readonly verdict: HaltVerdict; readonly incident: Incident } {
  const { node, exitCode: code, signal, reason, podDeleting } = termination
  const { network, ...evidence } = context
  const verdict = {
    ...haltVerdict({ node, exit: { code, signal, reason }, ...evidence }),
    seenAt: termination.seenAt,
  }
  const kind = kindOf(verdict, podDeleting === true)
  const { height, planName } = verdict
  return {
    verdict,
    incident: {
      network,
      node,
      cause: 'exit',
      halt: {
        kind,
        ...(height === undefined ? {} : { height }),
        ...(planName === undefined ? {} : { planName }),
      },
    },
  }
}

/** What kind of end a window has to explain: of a crash more than its code must be known to hold it against one. */
function kindOf({ kind, material }: HaltVerdict, podDeleting: boolean): HaltKind {
  if (kind !== 'crash') return kind
  // Told to go with its pod: with which code it obeyed matters to the evidence alone.
  if (podDeleting) return 'stopped'
  return material.output === undefined ? 'unknown' : 'crash'
}

/** Whether the plan of the chain could say more about an end than what is known of it. */
export function wantsPlan(verdict: HaltVerdict): boolean {
  return verdict.source === 'crash' || verdict.kind === 'killed'
}
