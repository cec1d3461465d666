/** How many of the tasks of a fan-out must be Complete. */
export type FanOutMode = 'all-must-succeed' | 'best-effort' | { readonly quorum: number }

/** `undefined` for what is no mode. */
export function parseFanOutMode(text: string): FanOutMode | undefined {
  if (text === 'all-must-succeed' || text === 'best-effort') return text
  const quorum = Number(/^quorum:([1-9]\d{0,5})$/.exec(text)?.[1])
  return Number.isNaN(quorum) ? undefined : { quorum }
}

/**
 * What is decided by now, of `total` tasks: `met` and `missed` are final, whatever the rest comes to. Best effort wants all to
 * end, and one of them Complete.
 */
export function decideFanOut(
  mode: FanOutMode,
  total: number,
  complete: number,
  failed: number,
): 'met' | 'missed' | undefined {
  const open = total - complete - failed
  if (mode === 'best-effort') return open > 0 ? undefined : complete > 0 ? 'met' : 'missed'
  const required = mode === 'all-must-succeed' ? total : mode.quorum
  if (complete >= required) return 'met'
  return complete + open < required ? 'missed' : undefined
}
