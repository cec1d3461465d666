import { defaults, slowerBlocksMs, type Simulation } from './defaults.ts'
import { simulatedModes, type Mode } from './modes.ts'
import type { TaskOperation } from './tasks.ts'

/** What governance operations use where the caller names nothing: the amounts that the controller's own upgrade suite uses. */
export const taskDefaults = {
  fees: '10000usei',
  proposalGas: 500_000,
  voteGas: 200_000,
  deposit: '20000000usei',
  /** Blocks between a proposal and its upgrade height, at the least: below that the votes cannot be counted in time. */
  minimumUpgradeLead: 30,
  /** Blocks before the upgrade height at which a poller stops: the halt itself cannot be polled reliably. */
  stopPollingBefore: 10,
  /** Blocks past the upgrade height that every node must have for the upgrade to count. */
  blocksPastUpgrade: 10,
} as const

const minutes = 60_000
const gov = 5 * minutes

/** Deadlines of the operations on real nodes, ms of wall time. */
const real: Readonly<Record<TaskOperation, number>> = {
  capabilities: 30_000,
  run: 20 * minutes,
  restartPod: 15 * minutes,
  restartSeid: 15 * minutes,
  discoverPeers: 20 * minutes,
  markReady: 5 * minutes,
  awaitHeight: 20 * minutes,
  updateNodeImage: 20 * minutes,
  updateNetworkImage: 20 * minutes,
  govUpgrade: gov,
  govParamChange: gov,
  govVote: gov,
  networkUpgrade: 45 * minutes,
}

/** The same on simulated ones, at the default pace. */
const simulatedMs = 40_000
const simulatedUpgradeMs = 120_000

/** How long an operation may take, its proof included, in ms of wall time; slower simulated clusters get more. */
export function taskBudgetMs(operation: TaskOperation, mode: Mode, pace: Simulation = {}): number {
  const { simulated = simulatedModes.has(mode), rate = defaults.embeddedRate } = pace
  if (!simulated) return real[operation]
  const ms = operation === 'networkUpgrade' ? simulatedUpgradeMs : simulatedMs
  const blocks = operation === 'networkUpgrade' ? 300 : 50
  return ms * Math.max(1, defaults.embeddedRate / rate) + blocks * slowerBlocksMs(pace)
}
