import { deepEqual } from '../object.ts'
import { leaf, nodeOf, type FieldSet, type MutableSet } from './field-set.ts'
import {
  fieldSchema,
  formOf,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
  undeclared,
} from './merge-schema.ts'
import { fieldElement, itemElement } from './path-element.ts'

/** How two objects differ: paths added or changed, and paths removed. Absent means none. */
export interface Difference {
  readonly taken?: FieldSet | undefined
  readonly removed?: FieldSet | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Compares two whole objects, leaving out what the server keeps itself. */
export function compareObjects(before: Fields, after: Fields, schema: MergeSchema): Difference {
  const difference = compare(before, after, schema) ?? {}
  // The header of an object is nobody's, only what is in it.
  return { taken: withoutHeader(difference.taken), removed: difference.removed }
}

function withoutHeader(set: FieldSet | undefined): FieldSet | undefined {
  const metadata = set?.['f:metadata']
  if (set === undefined || metadata === undefined) return set
  const { '.': _, ...inner } = metadata
  const { 'f:metadata': __, ...rest } = set
  const kept = nodeOf(inner, false)
  return nodeOf(kept === undefined ? rest : { ...rest, 'f:metadata': kept }, false)
}

/** `undefined` on a side means absent, which is not the same as null. */
function compare(before: unknown, after: unknown, schema: MergeSchema): Difference | undefined {
  if (before === after || schema.ignored === true) return undefined
  if (after === undefined) return { removed: wholeOf(before, schema) }
  if (before === undefined) return { taken: wholeOf(after, schema) }
  const form = formOf(schema, after)
  if (form !== formOf(schema, before)) return compareForms(before, after, schema)
  if (form === 'scalar') return { taken: leaf }
  if (form === 'map') return compareMaps(before, after, schema.map)
  return compareLists(before, after, schema.list)
}

/** A value that changed from one form to another: what was below it is gone, the place itself is new. */
function compareForms(before: unknown, after: unknown, schema: MergeSchema): Difference {
  const below = (value: unknown): MutableSet => {
    const { '.': _, ...children } = wholeOf(value, schema)
    return children
  }
  return { taken: nodeOf(below(after), true), removed: nodeOf(below(before), false) }
}

function compareMaps(before: unknown, after: unknown, schema: MapSchema | undefined): Difference | undefined {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)]
  const bothEmpty = isEmptyMap(old) && isEmptyMap(fresh)
  if (schema === undefined || schema.atomic || bothEmpty) return compareLeaves(before, after)
  const collector = collect()
  for (const key in fresh) {
    const value = fresh[key]
    if (value === undefined) continue
    const inner = compare(old?.[key], value, fieldSchema(schema, key) ?? undeclared)
    if (inner !== undefined) collector.add(fieldElement(key), inner)
  }
  for (const key in old) {
    if (old[key] === undefined || fresh?.[key] !== undefined) continue
    const inner = compare(old[key], undefined, fieldSchema(schema, key) ?? undeclared)
    if (inner !== undefined) collector.add(fieldElement(key), inner)
  }
  return collector.result()
}

function compareLists(
  before: unknown,
  after: unknown,
  schema: ListSchema | undefined,
): Difference | undefined {
  const [old, fresh] = [itemsOf(before), itemsOf(after)]
  const bothEmpty = old.length === 0 && fresh.length === 0
  if (schema === undefined || schema.type === 'atomic' || bothEmpty) return compareLeaves(before, after)
  const [oldItems, freshItems] = [indexItems(old, schema), indexItems(fresh, schema)]
  const collector = collect()
  for (const [element, items] of freshItems) {
    const inner = compareItems(oldItems.get(element) ?? [], items, schema)
    if (inner !== undefined) collector.add(element, inner)
  }
  for (const [element, items] of oldItems) {
    if (freshItems.has(element)) continue
    const inner = compareItems(items, [], schema)
    if (inner !== undefined) collector.add(element, inner)
  }
  return collector.result()
}

/** Items under one key. More than one should not be; they count as one atomic value then. */
function compareItems(
  old: readonly unknown[],
  fresh: readonly unknown[],
  { items }: ListSchema,
): Difference | undefined {
  if (old.length <= 1 && fresh.length <= 1) return compare(old[0], fresh[0], items)
  if (old.length > 1 && fresh.length > 1) return deepEqual(old, fresh) ? undefined : { taken: leaf }
  if (old.length > 1) return { removed: leaf, taken: compare(undefined, fresh[0], items)?.taken }
  return { taken: leaf, removed: compare(old[0], undefined, items)?.removed }
}

function compareLeaves(before: unknown, after: unknown): Difference | undefined {
  return deepEqual(before, after) ? undefined : { taken: leaf }
}

/** Everything a value holds, the value itself included: what is added or removed together with it. */
function wholeOf(value: unknown, schema: MergeSchema): FieldSet {
  const form = formOf(schema, value)
  const children: MutableSet = {}
  if (form === 'map' && schema.map?.atomic === false) {
    const fields = fieldsOf(value)
    for (const key in fields) {
      if (fields[key] === undefined) continue
      const inner = fieldSchema(schema.map, key) ?? undeclared
      if (inner.ignored !== true) children[fieldElement(key)] = wholeOf(fields[key], inner)
    }
  }
  if (form === 'list' && schema.list !== undefined && schema.list.type !== 'atomic') {
    for (const [element, items] of indexItems(itemsOf(value), schema.list)) {
      children[element] = items.length > 1 ? leaf : wholeOf(items[0], schema.list.items)
    }
  }
  return nodeOf(children, true) ?? leaf
}

/** Items of an associative list by their path element; what has none is left out, validation has refused it before. */
export function indexItems(items: readonly unknown[], schema: ListSchema): Map<string, unknown[]> {
  const index = new Map<string, unknown[]>()
  for (const item of items) {
    const element = itemElement(item, schema)
    if (element === undefined) continue
    const there = index.get(element)
    if (there === undefined) index.set(element, [item])
    else there.push(item)
  }
  return index
}

function collect(): { add(element: string, inner: Difference): void; result(): Difference | undefined } {
  let taken: MutableSet | undefined
  let removed: MutableSet | undefined
  return {
    add: (element, inner) => {
      if (inner.taken !== undefined) (taken ??= {})[element] = inner.taken
      if (inner.removed !== undefined) (removed ??= {})[element] = inner.removed
    },
    result: () => {
      if (taken === undefined && removed === undefined) return undefined
      return { taken: taken && nodeOf(taken, false), removed: removed && nodeOf(removed, false) }
    },
  }
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function isEmptyMap(fields: Fields | undefined): boolean {
  for (const key in fields) if (fields[key] !== undefined) return false
  return true
}
