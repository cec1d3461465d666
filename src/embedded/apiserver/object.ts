import type { KubeObject } from '../../contract/objects.ts'

/**
 * An object as the server holds it. Once stored it is frozen by convention: a write makes a new one and shares with
 * the old whatever did not change.
 */
export type ApiObject = KubeObject & { [field: string]: unknown }

/** `<namespace>/<name>`, which sorts as a real server's keys do. */
export function keyOf(object: KubeObject): string {
  return keyFor(object.metadata.namespace, object.metadata.name)
}

export function keyFor(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

/** True for a JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The record at `field` of a record, or an empty one that is not attached to it. */
export function recordAt(value: unknown, field: string): Record<string, unknown> {
  const found = isRecord(value) ? value[field] : undefined
  return isRecord(found) ? found : {}
}

/** The list at `field` of a record, or an empty one that is not attached to it. */
export function listAt(value: unknown, field: string): unknown[] {
  const found = isRecord(value) ? value[field] : undefined
  return Array.isArray(found) ? found : []
}

export function stringAt(value: unknown, field: string): string | undefined {
  const found = isRecord(value) ? value[field] : undefined
  return typeof found === 'string' ? found : undefined
}

/** Deep equality of JSON values; the order of keys does not matter, a key that is `undefined` counts as absent. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]))
  }
  if (!isRecord(a) || !isRecord(b)) return false
  return sameEntries(a, b)
}

function sameEntries(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let extra = 0
  for (const key in b) if (b[key] !== undefined) extra += 1
  for (const key in a) {
    if (a[key] === undefined) continue
    if (b[key] === undefined || !deepEqual(a[key], b[key])) return false
    extra -= 1
  }
  return extra === 0
}

/** RFC 3339 UTC in whole seconds, as metav1.Time is written. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}
