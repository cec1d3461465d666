/** A duration as Go prints it, in whole seconds: `10s`, `1m20s`, `1h0m0s`. */
export function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}s`
  const rest = `${minutes % 60}m${seconds % 60}s`
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}h${rest}`
}

/** In the largest unit that leaves no fraction, as people write it: `90s`, `2m`, `8h`, `0s`. */
export function showDuration(ms: number): string {
  if (ms === 0) return '0s'
  const [unit, each] = largerUnits.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / each}${unit}`
}

const largerUnits: readonly (readonly [string, number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of a duration as Go reads it: `5m`, `1h30m`, `0`. `undefined` for anything else. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  if (body === '0') return 0
  if (!/^((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined
  let ms = 0
  for (const [, amount = '', unit = ''] of body.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    ms += Number(amount) * (units[unit] ?? 0)
  return sign === '-' ? -ms : ms
}
