import { isRecord } from '../object.ts'

/** Whether two items of a list are the same one: by their merge key, or by value in a list of scalars (key ''). */
export function sameItem(a: unknown, b: unknown, key: string): boolean {
  if (key === '') return a === b
  return isRecord(a) && isRecord(b) && a[key] === b[key]
}

/**
 * Items of the patch keep its order; items that only the server has are put between them as the server had them, each
 * before the first patch item that came after it there.
 */
export function mergeInServerOrder(
  items: readonly unknown[],
  patch: readonly unknown[],
  server: readonly unknown[],
  key: string,
): unknown[] {
  const indexIn = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((other) => sameItem(other, item, key))
  const patched = items
    .filter((item) => indexIn(patch, item) !== -1)
    .toSorted((a, b) => indexIn(patch, a) - indexIn(patch, b))
  const serverOnly = items.filter((item) => indexIn(patch, item) === -1)
  const goesBefore = (item: unknown, other: unknown): boolean =>
    indexIn(server, item) < indexIn(server, other)
  const ordered: unknown[] = []
  for (const item of patched) {
    while (serverOnly.length > 0 && goesBefore(serverOnly[0], item)) ordered.push(serverOnly.shift())
    ordered.push(item)
  }
  return [...ordered, ...serverOnly]
}
