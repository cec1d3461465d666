import { toJson } from '../json.ts'
import { isRecord } from '../object.ts'
import { report, type Run } from './check.ts'
import { additionalSchema, ownSchema, type JsonSchema } from './json-schema.ts'
import { itemKey, itemKeys } from './list-keys.ts'

/** Reports items that occur twice in a `list-type: set`, or share their keys in a `list-type: map`, anywhere below. */
export function checkUniqueLists(value: unknown, schema: JsonSchema, run: Run): void {
  if (Array.isArray(value)) checkList(value, schema, run)
  else if (isRecord(value)) {
    const additional = additionalSchema(schema)
    for (const key in value) {
      const known = ownSchema(schema.properties, key) ?? additional
      const child = value[key]
      if (known === undefined || typeof child !== 'object' || child === null) continue
      run.path.push(key)
      checkUniqueLists(child, known, run)
      run.path.pop()
    }
  }
}

function checkList(list: readonly unknown[], schema: JsonSchema, run: Run): void {
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'set')
    reportRepeated(
      list,
      (item) => canonical(item),
      (item) => item,
      run,
    )
  if (listType === 'map') {
    for (const [index, item] of list.entries())
      if (item !== null && !isRecord(item)) reportKeyless(index, item, run)
    const keys = (item: unknown): unknown => (isRecord(item) ? itemKeys(item, schema) : item)
    reportRepeated(list, (item) => itemKey(item, schema), keys, run)
  }
  if (schema.items === undefined) return
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'object' || item === null) continue
    run.path.push(index)
    checkUniqueLists(item, schema.items, run)
    run.path.pop()
  }
}

function reportKeyless(index: number, item: unknown, run: Run): void {
  run.path.push(index)
  report(run, 'FieldValueInvalid', item, 'must be an object for an array of list-type map')
  run.path.pop()
}

function reportRepeated(
  list: readonly unknown[],
  identity: (item: unknown) => string | undefined,
  shown: (item: unknown) => unknown,
  run: Run,
): void {
  const seen = new Set<string>()
  for (const [index, item] of list.entries()) {
    const key = identity(item)
    if (key === undefined) continue
    if (seen.has(key)) {
      run.path.push(index)
      report(run, 'FieldValueDuplicate', shown(item), '')
      run.path.pop()
    }
    seen.add(key)
  }
}

/** One text per JSON value, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (!isRecord(value)) return toJson(Array.isArray(value) ? value.map(canonical) : value)
  return JSON.stringify(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, canonical(value[key])]),
  )
}
