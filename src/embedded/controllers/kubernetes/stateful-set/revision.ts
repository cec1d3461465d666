import type { StatefulSet } from '../../../../contract/objects.ts'

/** Characters of the hash in a revision's name: without vowels and look-alikes, as Kubernetes has them. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * Name of the revision of a pod template: `<set>-<hash>`. The hash is FNV-1a over the template with sorted keys; the real
 * one is of Go's own rendering of it, so the values differ while the shape (up to 10 characters) and the rule, equal
 * template means equal revision, are the same.
 */
export function revisionName(set: StatefulSet): string {
  return `${set.metadata.name}-${safeEncode(String(fnv1a(canonical(set.spec.template))))}`
}

/** `revisionName` that hashes each generation of a set once: hashing takes longer than the rest of a reconcile. */
export function createRevisionNames(): (set: StatefulSet) => string {
  const names = new Map<string, { readonly generation: number | undefined; readonly name: string }>()
  return (set) => {
    const { uid = '', generation } = set.metadata
    const known = names.get(uid)
    if (known !== undefined && known.generation === generation) return known.name
    const name = revisionName(set)
    names.set(uid, { generation, name })
    return name
  }
}

export function safeEncode(text: string): string {
  return [...text].map((character) => alphabet.charAt(character.charCodeAt(0) % alphabet.length)).join('')
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
