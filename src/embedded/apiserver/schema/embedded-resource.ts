import { isRecord, stringAt } from '../object.ts'
import { report, type Run } from './check.ts'
import { additionalSchema, ownSchema, type JsonSchema } from './json-schema.ts'

/** Reports embedded resources (`x-kubernetes-embedded-resource`) below `value` that do not say what they are. */
export function checkEmbedded(value: unknown, schema: JsonSchema, run: Run): void {
  if (Array.isArray(value)) {
    const items = schema.items
    if (items !== undefined) for (const [index, item] of value.entries()) descend(item, items, index, run)
  } else if (isRecord(value)) {
    if (schema['x-kubernetes-embedded-resource'] === true) checkHeader(value, run)
    const additional = additionalSchema(schema)
    for (const key in value) {
      const known = ownSchema(schema.properties, key) ?? additional
      if (known !== undefined) descend(value[key], known, key, run)
    }
  }
}

function descend(value: unknown, schema: JsonSchema, step: string | number, run: Run): void {
  if (typeof value !== 'object' || value === null) return
  run.path.push(step)
  checkEmbedded(value, schema, run)
  run.path.pop()
}

function checkHeader(resource: Record<string, unknown>, run: Run): void {
  for (const name of ['apiVersion', 'kind']) {
    if ((stringAt(resource, name) ?? '') !== '') continue
    run.path.push(name)
    report(run, 'FieldValueRequired', undefined, 'must not be empty')
    run.path.pop()
  }
}

/** Whether a schema holds an embedded resource anywhere, so that objects without any are not searched. */
export function hasEmbedded(schema: JsonSchema): boolean {
  const additional = additionalSchema(schema)
  return (
    schema['x-kubernetes-embedded-resource'] === true ||
    (schema.items !== undefined && hasEmbedded(schema.items)) ||
    (additional !== undefined && hasEmbedded(additional)) ||
    Object.values(schema.properties ?? {}).some(hasEmbedded)
  )
}
