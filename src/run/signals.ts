const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type TakenSignal = (typeof signals)[number]

/**
 * Takes SIGINT, SIGTERM and SIGHUP over from whoever listens now. Vitest's own listener exits within milliseconds and
 * runs no clean-up. The first signal calls `onFirst`; the second ends the process at once, with 130.
 *
 * @returns gives the signals back to the earlier listeners
 */
export function takeOverSignals(onFirst: (signal: TakenSignal) => void): () => void {
  const earlier = new Map(signals.map((signal) => [signal, process.listeners(signal)]))
  let seen = 0
  const listener = (signal: NodeJS.Signals): void => {
    seen += 1
    if (seen > 1) process.exit(130)
    onFirst(signal as TakenSignal)
  }
  // Never without a listener: Node drops a signal that is on its way when the last one goes.
  for (const [signal, listeners] of earlier) {
    process.on(signal, listener)
    for (const known of listeners) process.off(signal, known as NodeJS.SignalsListener)
  }
  return () => {
    for (const [signal, listeners] of earlier) {
      for (const known of listeners) process.on(signal, known as NodeJS.SignalsListener)
      process.off(signal, listener)
    }
  }
}
