import { hash } from 'node:crypto'

/** JSON with every object's keys in order and no undefined members: equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

/** SHA-256 of the canonical JSON, lower-case hex. */
export function canonicalHash(value: unknown): string {
  return hash('sha256', canonicalJson(value))
}
