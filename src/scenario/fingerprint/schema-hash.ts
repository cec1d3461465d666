import { canonicalHash } from '../../contract/canonical.ts'
import { isPlainObject } from '../../contract/checks.ts'
import type { Era } from '../../contract/crds/eras.ts'
import { definitionsOf, eras } from '../../contract/crds/eras.ts'

/** What decides nothing about which objects are taken, or says the same in many ways: prose, and rules in CEL. */
const ignored = new Set(['description', 'title', 'example', 'x-kubernetes-validations'])
/** Lists that are sets. */
const unordered = new Set(['required', 'enum', 'x-kubernetes-list-map-keys'])
/** Members that map names of the user's, among which a field `description` is a field. */
const named = new Set(['properties', 'patternProperties'])

/** A schema as far as two builds of one definition have to agree on it. */
function essence(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(essence)
  if (!isPlainObject(schema)) return schema
  const members = Object.entries(schema).filter(([key]) => !ignored.has(key))
  return Object.fromEntries(members.map(([key, value]) => [key, essenceOf(key, value)]))
}

function essenceOf(key: string, value: unknown): unknown {
  if (key === 'default') return value
  if (unordered.has(key) && Array.isArray(value)) return value.map(String).toSorted()
  if (!named.has(key) || !isPlainObject(value)) return essence(value)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, essence(field)]))
}

/** Schemas by the name of their definition, `seinodes.sei.io`; only the version that is served. */
export type Schemas = Readonly<Record<string, unknown>>

export function schemasHash(schemas: Schemas): string {
  return canonicalHash(essence(schemas))
}

/** Schemas of the definitions that this package has of an era. */
export function schemasOf(era: Era): Schemas {
  return Object.fromEntries(
    definitionsOf[era].map(({ metadata, spec }) => [metadata.name, spec.versions[0].schema.openAPIV3Schema]),
  )
}

/** The era whose definitions these are, if they are exactly those of one. */
export function eraOf(schemas: Schemas): Era | undefined {
  return eras.find((era) => {
    const ours = schemasOf(era)
    const same = Object.keys(ours).map((name): [string, unknown] => [name, schemas[name]])
    return schemasHash(ours) === schemasHash(Object.fromEntries(same))
  })
}

/** Names of the definitions that differ from those of an era, or are not there. */
export function differing(schemas: Schemas, era: Era): string[] {
  const ours = schemasOf(era)
  return Object.keys(ours).filter(
    (name) => schemasHash({ name: ours[name] }) !== schemasHash({ name: schemas[name] }),
  )
}
