import { fieldsOf, isEmptyMap, itemsOf } from './compare.ts'
import {
  fieldSchema,
  formOf,
  undeclared,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
} from './merge-schema.ts'
import { itemElement } from './path-element.ts'

/**
 * `config` laid over `live`: maps key by key, associative lists item by item, everything else replaced. Null is a value
 * here and deletes nothing. Shares with both what it does not change.
 */
export function mergeConfig(live: unknown, config: unknown, schema: MergeSchema): unknown {
  if (config === undefined || config === live) return live
  if (live === undefined) return config
  const form = formOf(schema, config)
  if (form !== formOf(schema, live)) return config
  if (form === 'map') return mergeMaps(live, config, schema.map)
  if (form === 'list') return mergeLists(live, config, schema.list)
  return config
}

function mergeMaps(live: unknown, config: unknown, schema: MapSchema | undefined): unknown {
  const [old, applied] = [fieldsOf(live), fieldsOf(config)]
  const bothEmpty = isEmptyMap(old) && isEmptyMap(applied)
  if (schema === undefined || schema.atomic || bothEmpty) return config
  const merged: Record<string, unknown> = { ...old }
  for (const key in applied) {
    const inner = fieldSchema(schema, key) ?? undeclared
    if (applied[key] === null && leavesOut(old?.[key], inner, schema)) delete merged[key]
    else if (applied[key] !== null || inner.ignored !== true) {
      merged[key] = mergeConfig(old?.[key], applied[key], inner)
    }
  }
  return merged
}

/**
 * Null in a config is a value, but not for a field of a Go struct: there it is the same as absent. Typed Go clients send
 * such nulls in every apply.
 */
function leavesOut(live: unknown, inner: MergeSchema, schema: MapSchema): boolean {
  if (inner.ignored === true || schema.values !== undefined || schema.open !== true) return false
  return live === undefined || formOf(inner, live) === 'scalar'
}

function mergeLists(live: unknown, config: unknown, schema: ListSchema | undefined): unknown {
  const [old, applied] = [itemsOf(live), itemsOf(config)]
  const bothEmpty = old.length === 0 && applied.length === 0
  if (schema === undefined || schema.type === 'atomic' || bothEmpty) return config
  return zip(index(old, schema), index(applied, schema), schema.items)
}

interface Indexed {
  readonly order: readonly (string | undefined)[]
  readonly items: readonly unknown[]
  /** First item of each element; `undefined` for one that occurs more than once, which is not merged with. */
  readonly byElement: ReadonlyMap<string, unknown>
}

function index(items: readonly unknown[], schema: ListSchema): Indexed {
  const order = items.map((item) => itemElement(item, schema))
  const byElement = new Map<string, unknown>()
  for (const [at, element] of order.entries()) {
    if (element !== undefined) byElement.set(element, byElement.has(element) ? undefined : items[at])
  }
  return { order, items, byElement }
}

/** Merges two lists so that the applied items keep their order and the others stay where they are between them. */
function zip(live: Indexed, applied: Indexed, schema: MergeSchema): unknown[] {
  const merged: unknown[] = []
  const done = new Set<string | undefined>()
  const shared = applied.order.filter((element) => element !== undefined && live.byElement.has(element))
  const isApplied = (element: string | undefined): boolean =>
    element !== undefined && applied.byElement.has(element)
  let [l, r] = [0, 0]
  while (l < live.items.length || r < applied.items.length) {
    const old = live.order[l]
    const element = applied.order[r]
    const bothLeft = l < live.items.length && r < applied.items.length
    const meets = bothLeft && old === element
    // A shared item waits for its turn in the applied order.
    if (bothLeft && !meets && isApplied(old) && shared.length > 0 && old !== shared[0]) {
      l += 1
      continue
    }
    if (l < live.items.length && !meets) {
      if (!isApplied(old)) {
        merged.push(live.items[l])
        l += 1
        continue
      }
      if (done.has(old)) l += 1
    }
    if (r >= applied.items.length) continue
    merged.push(mergeConfig(live.byElement.get(element ?? ''), applied.items[r], schema))
    done.add(element)
    if (meets) l += 1
    if (element === shared[0]) shared.shift()
    r += 1
  }
  return merged
}
