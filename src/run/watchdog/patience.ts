import { defaults, type Pace } from '../../contract/defaults.ts'

/** How the watchdog is set: the option `watchdog`. */
export interface WatchdogOptions {
  readonly enabled?: boolean | undefined
  readonly stallMs?: number | undefined
}

/** How often a network is looked at, and how long it may stand before that is a loss. All in ms. */
export interface Patience {
  readonly everyMs: number
  /** What each node adds to it where there are many: looking must not become the load of the machine. */
  readonly perNodeMs: number
  /** Slowest answer of a machine that has time for it; slower ones count less. */
  readonly promptMs: number
  /** Deadline of each probe. */
  readonly probeMs: number
  /** For how long the height may stand still, at the block time that was measured. */
  stallMs(blockMs: number): number
  /** For how long too few may vote, once the next block is due. */
  quorumMs(blockMs: number): number
  /** Of a block, before any was measured. */
  readonly blockMs: number
}

/** A chain may be slow for this many of its own blocks before it counts as standing. */
const stallBlocks = 20

const simulated = {
  everyMs: 150,
  perNodeMs: 10,
  promptMs: 250,
  probeMs: 2_000,
  leastMs: defaults.stallSimulatedMs,
  settleMs: 300,
}
const real = {
  everyMs: 2_000,
  perNodeMs: 20,
  promptMs: 2_000,
  probeMs: 5_000,
  leastMs: defaults.stallMs,
  settleMs: 10_000,
}

/** What is known of a cluster that patience with it depends on. */
export interface WatchedPace extends Pace {
  readonly simulated: boolean
  /** Door of its virtual clock. */
  readonly clockUrl?: string | undefined
}

export function patienceOf(
  { simulated: isSimulated, blockMs, clockUrl }: WatchedPace,
  { stallMs }: WatchdogOptions,
): Patience {
  const { leastMs, settleMs, ...times } = isSimulated ? simulated : real
  return {
    ...times,
    // Each look stops a leap: where hours pass in seconds it is not to be the most of what is done in them.
    everyMs: clockUrl === undefined ? times.everyMs : Math.max(times.everyMs, 2 * (blockMs ?? 0)),
    blockMs: blockMs ?? (isSimulated ? defaults.embeddedBlockMs : 1_000),
    stallMs: (measured) => stallMs ?? Math.max(leastMs, stallBlocks * measured),
    quorumMs: (measured) => measured + settleMs,
  }
}
