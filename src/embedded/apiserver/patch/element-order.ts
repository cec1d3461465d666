import { isRecord } from '../object.ts'

/** Whether two items of a list are the same one: by their merge key, or by value in a list of scalars (key ''). */
export function sameItem(a: unknown, b: unknown, key: string): boolean {
  if (key === '') return a === b
  return isRecord(a) && isRecord(b) && a[key] === b[key]
}

/** The items that `order` names in its order, behind all the others. */
export function orderBy(items: readonly unknown[], order: readonly unknown[], key: string): unknown[] {
  const at = (item: unknown): number => order.findIndex((other) => sameItem(other, item, key))
  const named = items.filter((item) => at(item) !== -1).toSorted((a, b) => at(a) - at(b))
  return [...items.filter((item) => at(item) === -1), ...named]
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
  const ordered: unknown[] = []
  let next = 0
  for (const item of patched) {
    const place = indexIn(server, item)
    while (next < serverOnly.length && place !== -1 && indexIn(server, serverOnly[next]) < place) {
      ordered.push(serverOnly[next])
      next += 1
    }
    ordered.push(item)
  }
  return [...ordered, ...serverOnly.slice(next)]
}
