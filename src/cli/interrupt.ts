/** Aborted by Ctrl-C and SIGTERM, from now on; the process then ends when the command has undone what it began. */
export function interruption(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => stop.abort())
  return stop.signal
}
