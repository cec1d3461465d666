/**
 * `halt_intent` of the proposed contract: why a node halts on purpose. Nothing of it is in a released seid; field names and
 * presence are those of its design, and the words of `reason_string`, which the design leaves open, are chosen here.
 */
export interface HaltIntent {
  readonly reason: number
  /** Empty: left out, as are a height of 0 and an empty info. */
  readonly planName: string
  readonly height: number
  readonly info: string
  /** RFC 3339. */
  readonly announcedAt: string
}

const reasonWords: Readonly<Record<number, string>> = {
  70: 'upgrade_required',
  71: 'binary_too_new',
  72: 'downgrade_detected',
}

/** @param asStrings 64-bit numbers as the RPC's encoder prints them, instead of as JSON numbers */
export function printIntent(intent: HaltIntent, asStrings: boolean): unknown {
  const number = (value: number): number | string => (asStrings ? String(value) : value)
  const { announcedAt, height, info, planName, reason } = intent
  return {
    reason: number(reason),
    reason_string: reasonWords[reason] ?? 'reserved',
    ...(planName === '' ? {} : { plan_name: planName }),
    ...(height === 0 ? {} : { height: number(height) }),
    ...(info === '' ? {} : { info }),
    announced_at: announcedAt,
  }
}
