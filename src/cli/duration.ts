const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 }

/** Ms of `90s`, `30m`, `8h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,9})([smh])$/.exec(text) ?? []
  const ms = units[unit]
  return ms === undefined ? undefined : Number(number) * ms
}

/** For reading along: `8 h 2 min`, `3 min 20 s`, `12 s`; the two largest units that say something. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}
