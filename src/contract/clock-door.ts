/**
 * The door of a virtual clock: HTTP on loopback, at the address that the cluster announces.
 *
 *   GET                 → ClockState
 *   POST   PassRequest  → ClockState, once that much has passed; giving the request up withdraws it
 *   POST   WaitRequest  → ClockState, when there is something to look at, below
 *
 * A waiter is a process that deals with the cluster. It keeps one request open, also while it waits for nothing: a later one takes the
 * place of an earlier one, which is answered. The answer comes when the nearest of its waits is due, when the cluster has sent
 * something to anyone outside (what is on its way may end a wait), and after every leap over a block or more. Until the waiter has had its look, and says so with its next
 * request, time does not leap.
 */
export interface ClockState {
  /** The cluster's time, ms of the epoch. */
  readonly nowMs: number
  /** Ms that were leapt over so far. */
  readonly leaptMs: number
  /** Simulated milliseconds per ms of the wall. */
  readonly rate: number
  /** Rises with whatever was sent to anyone outside. */
  readonly told: number
}

export interface PassRequest {
  /** Ms of the wall. */
  readonly passMs: number
}

export interface WaitRequest {
  /** Random; one per process. */
  readonly waiter: string
  /** `leaptMs` and `told` of the last answer; what came after counts against the waits. Left out in the first, answered at once. */
  readonly leaptMs?: number | undefined
  readonly told?: number | undefined
  /** Ms of the wall until the nearest wait that wants time to pass. */
  readonly demandMs?: number | undefined
  /** Ms of the wall until the nearest wait that only wants to be told in time. */
  readonly passiveMs?: number | undefined
}
