import { keySegment, type Segment } from './field-path.ts'
import { additionalSchema, type JsonSchema } from './json-schema.ts'

/** A schema node on the way down, with the path at which a definition holds it. */
export interface SchemaPlace {
  readonly schema: JsonSchema
  readonly path: readonly Segment[]
  readonly level: 'root' | 'field' | 'item'
  /** False below what has no counterpart in an old object: items of sets and plain lists, atomic maps. */
  readonly correlated: boolean
}

/** Calls `visit` for a schema and everything that its properties, items and additional properties hold. */
export function walkSchema(place: SchemaPlace, visit: (place: SchemaPlace) => void): void {
  visit(place)
  const { schema, path, correlated } = place
  const inMap = correlated && schema['x-kubernetes-map-type'] !== 'atomic'
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const below = [...path, 'properties', keySegment(key)]
    walkSchema({ schema: property, path: below, level: 'field', correlated: inMap }, visit)
  }
  const additional = additionalSchema(schema)
  if (additional !== undefined) {
    const below = [...path, 'additionalProperties']
    walkSchema({ schema: additional, path: below, level: 'field', correlated: inMap }, visit)
  }
  if (schema.items !== undefined) {
    const inList = correlated && schema['x-kubernetes-list-type'] === 'map'
    walkSchema({ schema: schema.items, path: [...path, 'items'], level: 'item', correlated: inList }, visit)
  }
}
