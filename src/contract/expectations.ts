import { haltReasons, type HaltKind, type HaltReason, type HaltVerdict } from './halts.ts'

/** A disruption that a test brings about itself. */
export interface ExpectDisruptionOptions {
  /** Name of the one node that it hits. @default the whole network */
  node?: string
  /** One phrase; it stands in the run's events. */
  reason: string
}

/** A halt that a test brings about itself. */
export interface ExpectHaltOptions {
  /** A reason of the contract, 70–72, or the kind of the verdict. */
  reason: HaltReason | HaltKind
  /** Of the plan, or at which the node stands. @default any */
  height?: number
  /** @default any */
  planName?: string
  /** Name of the one node that halts. @default any of the network */
  node?: string
  /** How long `verdict()` waits for it, ms. @default the deadline of height waits */
  timeoutMs?: number
}

/** A window in which the watchdog takes the disruption as expected. */
export interface ExpectedDisruption extends AsyncDisposable {
  /**
   * Ends it. To be called once what was disrupted is well again: from here on the watchdog judges anew, with a full
   * allowance of time. Idempotent.
   */
  close(): Promise<void>
}

/** A window in which the watchdog takes one halt as expected. */
export interface ExpectedHalt extends AsyncDisposable {
  /**
   * Resolves to the verdict on the halt once it came. Throws WAIT_TIMEOUT when it does not come in time, UNEXPECTED_HALT when
   * another one comes, NETWORK_LOST when the network is lost by something else.
   */
  verdict(): Promise<HaltVerdict>
  /**
   * Ends the expectation. After a halt that came the window itself stays open until every node is above the height of the halt
   * again, or the file ends: a halted network that nobody heals is no loss. Idempotent.
   */
  close(): Promise<void>
}

/** What a halt is called, by its number or its name. */
export function haltKindOf(reason: HaltReason | HaltKind): HaltKind {
  return typeof reason === 'number' ? haltReasons[reason] : reason
}
