import {
  anyScalar,
  booleanField,
  deduced,
  numberField,
  rootOf,
  stringField,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
} from './merge-schema.ts'

/** The part of an `openAPIV3Schema` that decides how values are merged. */
export interface OpenApiNode {
  readonly type?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, OpenApiNode>>
  readonly additionalProperties?: boolean | OpenApiNode
  readonly items?: OpenApiNode
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic'
}

/** Merge schema of a custom resource. Lists are atomic unless they say otherwise, maps granular. */
export function mergeSchemaOf(openAPIV3Schema: OpenApiNode | undefined): MergeSchema {
  const node = openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true }
  return rootOf(mapSchema(node, false))
}

function convert(node: OpenApiNode, open: boolean): MergeSchema {
  const schema = convertType(node, open || node['x-kubernetes-preserve-unknown-fields'] === true)
  return node.default === undefined ? schema : { ...schema, default: node.default }
}

function convertType(node: OpenApiNode, open: boolean): MergeSchema {
  if (node['x-kubernetes-int-or-string'] === true) return anyScalar
  switch (node.type) {
    case 'object':
      return { map: mapSchema(node, open) }
    case 'array':
      return { list: listSchema(node, open) }
    case 'string':
      return stringField
    case 'integer':
    case 'number':
      return numberField
    case 'boolean':
      return booleanField
    default:
      return deduced
  }
}

function mapSchema(node: OpenApiNode, inherited: boolean): MapSchema {
  const open = inherited || node['x-kubernetes-preserve-unknown-fields'] === true
  const fields = new Map<string, MergeSchema>()
  for (const [name, field] of Object.entries(node.properties ?? {})) fields.set(name, convert(field, open))
  const values = valuesSchema(node, open, fields.size)
  return { atomic: node['x-kubernetes-map-type'] === 'atomic', fields, values }
}

function valuesSchema(node: OpenApiNode, open: boolean, declared: number): MergeSchema | undefined {
  const additional = node.additionalProperties
  if (typeof additional === 'object') return convert(additional, open)
  // An object that declares nothing at all is free-form.
  const free = additional ?? (open || declared === 0)
  return free ? deduced : undefined
}

function listSchema(node: OpenApiNode, open: boolean): ListSchema {
  const items = node.items === undefined ? deduced : convert(node.items, open)
  const keys = (node['x-kubernetes-list-map-keys'] ?? []).toSorted()
  return { type: node['x-kubernetes-list-type'] ?? 'atomic', keys, items }
}
