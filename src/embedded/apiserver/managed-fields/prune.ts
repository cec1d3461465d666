import { fieldsOf, itemsOf } from './compare.ts'
import { fieldSetOf } from './field-set-of.ts'
import {
  difference,
  hasMember,
  intersection,
  isEmpty,
  leaf,
  nodeOf,
  union,
  type FieldSet,
  type MutableSet,
} from './field-set.ts'
import { fieldElement, itemElement } from './path-element.ts'
import {
  fieldSchema,
  formOf,
  isDeclared,
  undeclared,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
} from './merge-schema.ts'

/**
 * Removes from `merged` what the applier owned last time (`last`) and nobody owns now (`owned`: the union of all managers'
 * sets, the applier's new one included). What nobody ever owned stays, unless it goes down with a list item or struct
 * that is removed as a whole.
 */
export function prune(merged: unknown, last: FieldSet, owned: FieldSet, schema: MergeSchema): unknown {
  if (isEmpty(difference(last, owned))) return merged
  const lastNamed = withStructs(last, schema)
  const all = withStructs(fieldSetOf(merged, schema), schema)
  const untouched = withStructs(fieldSetOf(removeItems(merged, lastNamed, schema), schema), schema)
  const kept = union(untouched, withStructs(owned, schema))
  const pruned = removeItems(merged, difference(all, kept), schema)
  const left = withStructs(fieldSetOf(pruned, schema), schema)
  return removeItems(merged, intersection(difference(all, left), lastNamed), schema)
}

/** Makes every declared field that leads to a member a member, so that a struct goes when all that was owned in it goes. */
function withStructs(set: FieldSet, schema: MergeSchema | undefined): FieldSet {
  const children: MutableSet = {}
  for (const element in set) {
    const child = set[element]
    if (element === '.' || child === undefined) continue
    const inner = innerSchema(element, schema)
    const isStruct = element.startsWith('f:') && schema?.map !== undefined
    const declared = isStruct && schema.map !== undefined && isDeclared(schema.map, element.slice(2))
    const member = hasMember(set, element) || declared
    children[element] = nodeOf(withStructs(child, inner), member) ?? leaf
  }
  return nodeOf(children, false) ?? leaf
}

function innerSchema(element: string, schema: MergeSchema | undefined): MergeSchema | undefined {
  if (element.startsWith('f:')) return schema?.map && fieldSchema(schema.map, element.slice(2))
  return schema?.list?.items
}

/** `value` without the members of `set`; maps and lists that lose their last entry vanish. */
function removeItems(value: unknown, set: FieldSet, schema: MergeSchema): unknown {
  const form = formOf(schema, value)
  if (form === 'map') return removeFromMap(value, set, schema.map)
  if (form === 'list') return removeFromList(value, set, schema.list)
  return value
}

function removeFromMap(value: unknown, set: FieldSet, schema: MapSchema | undefined): unknown {
  const fields = fieldsOf(value)
  if (fields === undefined || schema === undefined || schema.atomic) return value
  const rest: Record<string, unknown> = {}
  let changed = false
  for (const key in fields) {
    const element = fieldElement(key)
    const below = set[element]
    const kept =
      below === undefined ? fields[key] : remainderOf(fields[key], element, set, fieldSchema(schema, key))
    if (kept !== fields[key]) changed = true
    if (kept !== undefined) rest[key] = kept
  }
  if (!changed) return value
  return Object.keys(rest).length === 0 ? undefined : rest
}

function removeFromList(value: unknown, set: FieldSet, schema: ListSchema | undefined): unknown {
  if (!Array.isArray(value) || schema === undefined || schema.type === 'atomic') return value
  const rest: unknown[] = []
  let changed = false
  for (const item of itemsOf(value)) {
    const element = itemElement(item, schema)
    const below = element === undefined ? undefined : set[element]
    const kept =
      element === undefined || below === undefined ? item : remainderOf(item, element, set, schema.items)
    if (kept !== item) changed = true
    if (kept !== undefined) rest.push(kept)
  }
  if (!changed) return value
  return rest.length === 0 ? undefined : rest
}

function remainderOf(
  value: unknown,
  element: string,
  set: FieldSet,
  schema: MergeSchema = undeclared,
): unknown {
  return hasMember(set, element) ? undefined : removeItems(value, set[element] ?? leaf, schema)
}
