/** Registers a listener; returns the way to stop. */
export type OnChange = (listener: () => void) => () => void

/** Resolves at the next change; rejects with the signal's reason when aborted. */
export function nextChange(onChange: OnChange, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      stop()
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => finish(() => reject(signal.reason))
    const stop = onChange(() => finish(resolve))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
}
