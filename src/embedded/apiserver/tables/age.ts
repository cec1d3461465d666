const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** A duration as kubectl's tables print it: `37s`, `4m10s`, `3h`, `2d5h`, `1y200d`; at most two units, none of them zero. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  // A clock that runs a second ahead is forgiven.
  if (seconds < -1) return '<invalid>'
  if (seconds < 2 * minute) return `${Math.max(seconds, 0)}s`
  if (seconds < 10 * minute) return two(seconds, minute, 'm', 1, 's')
  if (seconds < 3 * hour) return `${Math.trunc(seconds / minute)}m`
  if (seconds < 8 * hour) return two(seconds, hour, 'h', minute, 'm')
  if (seconds < 2 * day) return `${Math.trunc(seconds / hour)}h`
  if (seconds < 8 * day) return two(seconds, day, 'd', hour, 'h')
  if (seconds < 2 * 365 * day) return `${Math.trunc(seconds / day)}d`
  if (seconds < 8 * 365 * day) return two(seconds, 365 * day, 'y', day, 'd')
  return `${Math.trunc(seconds / (365 * day))}y`
}

function two(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.trunc((seconds % large) / small)
  return `${Math.trunc(seconds / large)}${largeUnit}${rest === 0 ? '' : `${rest}${smallUnit}`}`
}

/** Time passed since an RFC 3339 time: `<unknown>` when there is none, `<invalid>` when it cannot be read. */
export function ageSince(time: unknown, now: Date): string {
  if (time === undefined || time === null || time === '') return '<unknown>'
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN
  return Number.isNaN(at) ? '<invalid>' : humanDuration(now.getTime() - at)
}
