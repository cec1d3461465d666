import { isPlainObject, show } from '../../contract/checks.ts'

/**
 * Where `live` is not what `wanted` asks for, one line each. Fields that only `live` has do not count: the API server fills in
 * defaults.
 */
export function driftOf(live: unknown, wanted: unknown, path: string): string[] {
  if (wanted === undefined || wanted === null) return []
  if (isPlainObject(wanted)) {
    if (!isPlainObject(live)) return [line(path, live, wanted)]
    return Object.entries(wanted).flatMap(([key, value]) => driftOf(live[key], value, `${path}.${key}`))
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return [line(path, live, wanted)]
    return wanted.flatMap((item, index) => driftOf(live[index], item, `${path}[${index}]`))
  }
  return live === wanted ? [] : [line(path, live, wanted)]
}

function line(path: string, live: unknown, wanted: unknown): string {
  return `${path} is ${show(live)}, rendered was ${show(wanted)}`
}
