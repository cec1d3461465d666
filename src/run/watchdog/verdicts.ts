import type { HaltVerdict } from '../../contract/halts.ts'

/** Why nodes of a run stopped, as the watchdogs found it: also where it was expected. */
export interface Verdicts {
  record(network: string, verdict: HaltVerdict): void
  /** Those of a network, in the order they came. */
  of(network: string): readonly HaltVerdict[]
  /** Hears of each from now on. Returns the way to stop. */
  subscribe(listener: (network: string, verdict: HaltVerdict) => void): () => void
}

export function createVerdicts(): Verdicts {
  const byNetwork = new Map<string, HaltVerdict[]>()
  const listeners = new Set<(network: string, verdict: HaltVerdict) => void>()
  return {
    record: (network, verdict) => {
      byNetwork.set(network, [...(byNetwork.get(network) ?? []), verdict])
      for (const listener of listeners) listener(network, verdict)
    },
    of: (network) => byNetwork.get(network) ?? [],
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
