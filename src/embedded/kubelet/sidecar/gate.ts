/** The start gate of a pod: what `/v0/healthz` answers, and what seid waits for. */
export interface Gate {
  readonly isOpen: () => boolean
  set(open: boolean): void
  /** Calls back at each change; returns the way to stop. */
  onChange(listener: () => void): () => void
}

/** A closed gate. */
export function createGate(): Gate {
  let open = false
  const listeners = new Set<() => void>()
  return {
    isOpen: () => open,
    set(next) {
      if (next === open) return
      open = next
      for (const listener of listeners) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
