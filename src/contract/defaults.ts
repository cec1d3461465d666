import { simulatedModes, type Mode } from './modes.ts'

/** Every default that a user can see or set. Code, docs and `--help` read these and nothing else. Durations in ms. */
export const defaults = {
  validators: 4,
  followers: 2,
  /** Networks that may exist at once on a real cluster. */
  maxNetworks: 1,
  image: 'sei/seid:dev',
  /** What current seid needs to start: its default write mode panics on a fresh store. */
  config: { 'storage.state_commit.write_mode': 'memiavl_only' },
  /** How long evidence may take before a deletion goes ahead with what there is. */
  captureBudgetMs: 60_000,
  captureAfterSignalMs: 15_000,
  deleteBudgetMs: 120_000,
  /** How long a worker's request to the lease API is held open before it is answered "not yet". */
  leaseSliceMs: 10_000,
  /** Bounds of the back-off between probes of one node; the upper one grows with the round trip (20 ×). */
  probeMinMs: 25,
  probeMaxMs: 80,
  probeTimeoutMs: 5_000,
  /** Rate of the embedded cluster's clock: simulated milliseconds per real one. */
  embeddedRate: 200,
  /** How much faster than on a real cluster the deadlines of a scenario's steps pass at most: these are real processes. */
  stepRate: 20,
  /** Real milliseconds between blocks of the simulated chain. */
  embeddedBlockMs: 100,
  /** How long a cluster that was started in the background stays. */
  clusterTtlMs: 28_800_000,
  /** How long a real or a simulated network may stand, at least, before it counts as lost. */
  stallMs: 60_000,
  stallSimulatedMs: 3_000,
  /** How long a pod that halted and stays alive may be looked at before it is replaced; shorter on a faster clock. */
  haltLingerMs: 60_000,
  /** Region of the bucket of reports where none is named. */
  reportRegion: 'eu-central-1',
  /** How long one upload may take in all, and how long a server that cannot be reached is tried again. */
  uploadBudgetMs: 600_000,
  unreachableMs: 60_000,
  runFolder: '.sei/runs',
  teardownTimeoutMs: 300_000,
} as const

export interface ReadinessBudget {
  /** From apply until the phase gate (network Ready, node Running). */
  readonly phaseMs: number
  /** For each gate after that. */
  readonly gateMs: number
  /** Grace before a cause that usually heals ends the wait. */
  readonly unschedulableMs: number
  readonly imagePullMs: number
  /** Crashes of one container before its crash loop ends the wait. */
  readonly crashes: number
}

const minutes = 60_000
const real: ReadinessBudget = {
  phaseMs: 18 * minutes,
  gateMs: 5 * minutes,
  unschedulableMs: 10 * minutes,
  imagePullMs: 2 * minutes,
  crashes: 3,
}
const simulated: ReadinessBudget = {
  phaseMs: 20_000,
  gateMs: 8_000,
  unschedulableMs: 5_000,
  imagePullMs: 1_500,
  crashes: 3,
}

/** Budgets of readiness, by mode, in ms of wall time. */
export const readinessBudgets: Readonly<Record<Mode, ReadinessBudget>> = {
  embedded: simulated,
  envtest: { ...simulated, phaseMs: 60_000, gateMs: 20_000 },
  kind: { ...real, phaseMs: 10 * minutes, unschedulableMs: 2 * minutes },
  local: { ...real, phaseMs: 2 * minutes, gateMs: 1 * minutes, unschedulableMs: 10_000, imagePullMs: 5_000 },
  docker: { ...real, phaseMs: 5 * minutes, gateMs: 2 * minutes, unschedulableMs: 10_000 },
  k8s: real,
  attach: { ...real, phaseMs: 0 },
}

/** How fast a simulated cluster is: the options `embedded`. */
export interface Pace {
  readonly rate?: number | undefined
  readonly blockMs?: number | undefined
}

/** The pace of a cluster that runs. */
export interface KnownPace extends Pace {
  readonly rate: number
  readonly blockMs: number
  /** Door of its virtual clock, `clock-door.ts`; left out where time is the wall clock's. */
  readonly clockUrl?: string | undefined
}

/** What is known of a cluster that its budgets depend on. */
export interface Simulation extends Pace {
  /** @default whether the mode's always is */
  readonly simulated?: boolean | undefined
}

/**
 * The budgets of one run. Those of the table hold at the default pace: on a simulated cluster whose clock is slower they
 * are stretched, and slower blocks add to the gates that wait for blocks. One that was found by its kubeconfig gets the
 * longer ones of `envtest`: nobody knows what serves its API.
 */
export function readinessBudget(mode: Mode, pace: Simulation = {}): ReadinessBudget {
  const { simulated = simulatedModes.has(mode) } = pace
  if (!simulated) return readinessBudgets[mode]
  const budget = readinessBudgets[simulatedModes.has(mode) ? mode : 'envtest']
  const slower = Math.max(1, defaults.embeddedRate / (pace.rate ?? defaults.embeddedRate))
  return {
    phaseMs: budget.phaseMs * slower,
    gateMs: budget.gateMs * slower + 10 * slowerBlocksMs(pace),
    unschedulableMs: budget.unschedulableMs * slower,
    imagePullMs: budget.imagePullMs * slower,
    crashes: budget.crashes,
  }
}

/** How much longer than by default a block takes on a simulated cluster, ms. */
export function slowerBlocksMs({ blockMs = defaults.embeddedBlockMs }: Pace): number {
  return Math.max(0, blockMs - defaults.embeddedBlockMs)
}
