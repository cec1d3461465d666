import { fieldsOf, indexItems, itemsOf } from './compare.ts'
import { leaf, nodeOf, type FieldSet, type MutableSet } from './field-set.ts'
import { fieldElement } from './path-element.ts'
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
 * The paths that applying `value` claims: scalars, empty maps, null, atomic values; list items and the keys of free maps
 * together with what is below them; never the structs on the way.
 */
export function fieldSetOf(value: unknown, schema: MergeSchema): FieldSet {
  return setOf(value, schema, false) ?? leaf
}

function setOf(value: unknown, schema: MergeSchema, member: boolean): FieldSet | undefined {
  const form = formOf(schema, value)
  if (form === 'map' && schema.map?.atomic === false) return setOfMap(value, schema.map, member)
  if (form === 'list' && schema.list !== undefined && schema.list.type !== 'atomic') {
    return setOfList(value, schema.list, member)
  }
  return leaf
}

function setOfMap(value: unknown, schema: MapSchema, member: boolean): FieldSet | undefined {
  const fields = fieldsOf(value)
  const children: MutableSet = {}
  for (const key in fields) {
    const inner = fieldSchema(schema, key) ?? undeclared
    const field = fields[key]
    if (field === undefined || inner.ignored === true) continue
    const own = field === null || isEmptyObject(field) || !isDeclared(schema, key)
    const set = setOf(field, inner, own)
    if (set !== undefined) children[fieldElement(key)] = set
  }
  return nodeOf(children, member)
}

function setOfList(value: unknown, schema: ListSchema, member: boolean): FieldSet | undefined {
  const children: MutableSet = {}
  for (const [element, items] of indexItems(itemsOf(value), schema)) {
    children[element] = items.length > 1 ? leaf : (setOf(items[0], schema.items, true) ?? leaf)
  }
  return nodeOf(children, member)
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value ?? {}).length === 0
}
