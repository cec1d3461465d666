const digits = 18

/** An SDK decimal such as `0.334000000000000000` in units of 10⁻¹⁸; `undefined` for text that is none. */
export function parseDecimal(text: unknown): bigint | undefined {
  const match = typeof text === 'string' ? /^(\d+)(?:\.(\d{1,18}))?$/.exec(text) : null
  return match === null ? undefined : BigInt(`${match[1] ?? ''}${(match[2] ?? '').padEnd(digits, '0')}`)
}

/** Whether `part` / `whole` is more than `limit`, a decimal. */
export function exceeds(part: bigint, whole: bigint, limit: bigint): boolean {
  return part * 10n ** BigInt(digits) > limit * whole
}

/** Whether `part` / `whole` is less than `limit`, a decimal. */
export function isBelow(part: bigint, whole: bigint, limit: bigint): boolean {
  return part * 10n ** BigInt(digits) < limit * whole
}

/** Milliseconds of a duration as genesis writes it, `60s`, or as a parameter change does, nanoseconds in a string. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1_000
  return /^\d+$/.test(text) ? Number(text) / 1_000_000 : undefined
}
