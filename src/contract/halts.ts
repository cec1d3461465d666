/**
 * Why a node or chain stopped, as data. Exit codes 70–89 are those of the proposed `halt_intent` contract, where the exit
 * code of seid is the reason of its halt; the rest is what seid does today.
 */

/** Halts for an upgrade that the proposed contract defines. Append-only. */
export const haltReasons = {
  70: 'upgrade-required',
  71: 'binary-too-new',
  72: 'downgrade',
} as const

export type HaltReason = keyof typeof haltReasons
export type UpgradeHalt = (typeof haltReasons)[HaltReason]

/**
 * What became of a node or of its chain.
 *
 * - `upgrade-required` a plan is due that the binary has no handler for; `binary-too-new` it has the handler of a plan that is
 *   not due; `downgrade` the chain has passed an upgrade that the binary does not know.
 * - `deliberate-unknown` a deliberate halt that this version knows no name for (73–79 upgrades, 80–89 operators).
 * - `halt-height` the node's own configuration ended it.
 * - `stopped` SIGTERM or SIGINT; `killed` SIGKILL, which is also what running out of memory looks like; `crash` the rest.
 * - `zombie` the block store is ahead of the application for good; `frozen` a quorum votes, and nothing is executed;
 *   `quorum-lost` too few vote.
 * - `unknown` it stands, and nothing says why.
 */
export const haltKinds = [
  'upgrade-required',
  'binary-too-new',
  'downgrade',
  'deliberate-unknown',
  'halt-height',
  'stopped',
  'killed',
  'crash',
  'zombie',
  'frozen',
  'quorum-lost',
  'unknown',
] as const
export type HaltKind = (typeof haltKinds)[number]

/** Where a verdict comes from, best first. Each step down loses certainty. */
export const haltSources = ['halt_intent', 'exit-code', 'stderr', 'upgrade-info', 'chain', 'crash'] as const
export type HaltSource = (typeof haltSources)[number]

/** How sure a verdict is: the node said it; it follows from what was seen; it is what is left. */
export type HaltCertainty = 'announced' | 'inferred' | 'assumed'

/** The node's announcement that it halts on purpose. Absent and null both mean that there is none. */
export interface HaltIntent {
  /** 70–72 of the contract, or any other number that the node gave. */
  readonly reason: number
  readonly reasonText?: string | undefined
  readonly planName?: string | undefined
  readonly height?: number | undefined
  readonly info?: string | undefined
  readonly announcedAt?: string | undefined
}

export interface HaltVerdict {
  readonly kind: HaltKind
  /** Reason code of the contract where there is one: 70 for `upgrade-required`, also where the node exited with 2. */
  readonly reason?: number | undefined
  readonly source: HaltSource
  readonly certainty: HaltCertainty
  readonly node: string
  /** When the end that it is about was seen, ISO 8601; left out for what was just read of the node itself. */
  readonly seenAt?: string | undefined
  readonly planName?: string | undefined
  /** Height of the plan, or the height at which the node stands. */
  readonly height?: number | undefined
  readonly exitCode?: number | undefined
  /** One sentence: what was seen. */
  readonly says: string
  /** What the verdict rests on, word for word: the intent, stderr lines, upgrade-info.json, heights. */
  readonly material: Readonly<Record<string, unknown>>
}

/** The end of one container, as the cluster and its log told it. */
export interface Termination {
  readonly namespace: string
  readonly node: string
  readonly pod: string
  readonly podUid: string
  readonly container: string
  /** Left out where the pod went with its status: the code died with it. */
  readonly exitCode?: number | undefined
  readonly signal?: number | undefined
  /** The kubelet's word, `Error`, `Completed`, `OOMKilled`; `PodDeleted` or `NotSeen` where it had none. */
  readonly reason?: string | undefined
  readonly startedAt?: string | undefined
  /** The cluster's clock. */
  readonly finishedAt?: string | undefined
  /** Its pod was being deleted: it was told to end. */
  readonly podDeleting?: boolean | undefined
  /** When it was seen here, ISO 8601. */
  readonly seenAt: string
  readonly restartCount: number
}
