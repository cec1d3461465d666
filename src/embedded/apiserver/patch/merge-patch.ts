import { isRecord } from '../object.ts'
import { badRequest } from '../status-error.ts'

/**
 * RFC 7386: maps merge, null removes, everything else replaces. What the patch leaves alone is shared with `object`, and an
 * empty patch gives `object` itself. Throws StatusError 400 for a patch that is no JSON object.
 */
export function applyMergePatch<T>(object: T, patch: unknown): T {
  if (!isRecord(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`,
    )
  return merge(object, patch) as T
}

/** As Go's decoder calls it. */
function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const base = isRecord(target) ? target : {}
  let merged = base
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined
    const after = value === null ? undefined : merge(before, value)
    if (after === before) continue
    if (merged === base) merged = { ...base }
    if (after === undefined) delete merged[key]
    else setOwn(merged, key, after)
  }
  return merged
}

/** A key named `__proto__` is an ordinary one in JSON. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
