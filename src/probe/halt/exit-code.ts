import { haltReasons, type HaltKind, type HaltReason } from '../../contract/halts.ts'

/** How a process ended, as the kubelet or the operating system tells it. */
export interface ProcessExit {
  /** Left out where it died with its pod. */
  readonly code?: number | undefined
  /** Where it is told apart from the code; a container's code is 128 + signal. */
  readonly signal?: number | undefined
  /** The kubelet's word: `OOMKilled`, `Error`, `Completed`. */
  readonly reason?: string | undefined
}

/** A reason of the contract by its number; 73–79 and 80–89 are deliberate as well, though unnamed. */
export function haltOfReason(reason: number): HaltKind | undefined {
  if (Object.hasOwn(haltReasons, reason)) return haltReasons[reason as HaltReason]
  return reason >= 73 && reason <= 89 ? 'deliberate-unknown' : undefined
}

/** The number under which the contract knows a kind. */
export function reasonOfHalt(kind: HaltKind): number | undefined {
  const found = Object.entries(haltReasons).find(([, name]) => name === kind)
  return found === undefined ? undefined : Number(found[0])
}

const sigint = 2
const sigkill = 9
const sigterm = 15

/** What a code outside the contract says by itself: asked to stop, killed, or broken. */
export function haltOfExit({
  code,
  signal,
  reason,
}: ProcessExit): 'stopped' | 'killed' | 'crash' | 'unknown' {
  const by = signal === undefined || signal === 0 ? (code ?? 0) - 128 : signal
  if (reason === 'OOMKilled' || by === sigkill) return 'killed'
  if (code === 0 || by === sigterm || by === sigint || reason === 'PodDeleted') return 'stopped'
  return code === undefined ? 'unknown' : 'crash'
}

export function describeExit({ code, signal, reason }: ProcessExit): string {
  if (code === undefined) return 'it went with its pod, which took the exit code along'
  if (reason === 'OOMKilled') return `it ran out of memory (exit code ${code}, OOMKilled)`
  const by = signal === undefined || signal === 0 ? code - 128 : signal
  const name = { [sigint]: 'SIGINT', [sigkill]: 'SIGKILL', [sigterm]: 'SIGTERM' }[by]
  return name === undefined ? `it exited with code ${code}` : `it was ended by ${name} (exit code ${code})`
}
