/**
 * Aborted by Ctrl-C and SIGTERM, from now on; the process then ends when the command has undone what it began.
 * @param reasonOf gives the reason of the abort, by the name of what was sent first. @default an AbortError
 */
export function interruption(reasonOf?: (name: string) => Error): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => stop.abort(reasonOf?.(name)))
  return stop.signal
}
