import { isPlainObject, show } from '../../contract/checks.ts'
import { closest } from '../../contract/closest.ts'
import type { JsonSchema } from '../../contract/crds/schema.ts'
import type { Problem } from '../../contract/problem.ts'

const text: JsonSchema = { type: 'string' }
const texts: JsonSchema = { type: 'object', additionalProperties: text }

/** What a manifest may say of its metadata; definitions leave it to the API server. */
const metadata: JsonSchema = {
  type: 'object',
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', items: text },
    ownerReferences: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
  },
}

/** Everything in an object that its kind's schema has no field or another type for. */
export function misfits(
  object: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  name: string,
): Problem[] {
  const whole = { ...schema, properties: { ...schema.properties, metadata } }
  return look(object, whole, '', name)
}

function look(value: unknown, schema: JsonSchema, path: string, name: string): Problem[] {
  // Absent and null are the same to the decoder.
  if (value === null || value === undefined) return []
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return []
  if (schema['x-kubernetes-int-or-string'] === true)
    return typeof value === 'string' || Number.isInteger(value)
      ? []
      : [otherType(value, 'a string or a whole number', path, name)]
  switch (schema.type) {
    case 'object':
      return isPlainObject(value)
        ? lookInside(value, schema, path, name)
        : [otherType(value, 'an object', path, name)]
    case 'array': {
      const { items = {} } = schema
      if (!Array.isArray(value)) return [otherType(value, 'a list', path, name)]
      return value.flatMap((item, index) => look(item, items, `${path}[${index}]`, name))
    }
    case 'string':
      return typeof value === 'string' ? [] : [otherType(value, 'a string', path, name)]
    case 'boolean':
      return typeof value === 'boolean' ? [] : [otherType(value, 'true or false', path, name)]
    case 'integer':
      return Number.isInteger(value) ? [] : [otherType(value, 'a whole number', path, name)]
    case 'number':
      return typeof value === 'number' ? [] : [otherType(value, 'a number', path, name)]
    default:
      return []
  }
}

function lookInside(
  value: Readonly<Record<string, unknown>>,
  { properties, additionalProperties }: JsonSchema,
  path: string,
  name: string,
): Problem[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const here =
      path === '' ? key : /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
    const known =
      properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : additionalProperties
    return known === undefined
      ? [unknownField(key, Object.keys(properties ?? {}), here, name)]
      : look(inner, known, here, name)
  })
}

function unknownField(key: string, known: readonly string[], path: string, name: string): Problem {
  const near = closest(key, known)
  return {
    what: `unknown field ${key}`,
    where: `${name}: ${path}`,
    expected: known.length === 0 ? 'no field here' : `one of ${known.join(', ')}`,
    fix: near === undefined ? 'remove it' : `did you mean ${near}?`,
  }
}

function otherType(value: unknown, expected: string, path: string, name: string): Problem {
  const scalar = typeof value === 'number' || typeof value === 'boolean'
  return {
    what: `${show(value)} is of another type`,
    where: `${name}: ${path}`,
    expected,
    fix: scalar && expected.includes('string') ? `write "${String(value)}" in quotes` : `write ${expected}`,
  }
}
