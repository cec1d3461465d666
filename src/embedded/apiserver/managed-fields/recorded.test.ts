import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { headCrds } from '../../../contract/crds/head/all.ts'
import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import type { ApiObject } from '../object.ts'
import { builtInMergeSchema } from './built-in-merge-schema.ts'
import { mergeSchemaOf, type OpenApiNode } from './crd-merge-schema.ts'
import type { FieldSet } from './field-set.ts'
import { identityOf } from './managers.ts'
import { fieldSchema, undeclared, type MergeSchema } from './merge-schema.ts'
import { fieldElement, itemElement } from './path-element.ts'
import { serverSideApply } from './server-side-apply.ts'
import { trackUpdate } from './track-update.ts'

/**
 * Every version of a SeiNetwork, a SeiNode, a SeiNodeTask, a StatefulSet and a Pod as a watch on kind (Kubernetes 1.34, real
 * controller) showed them: what managed fields a real server makes of a write is known to the last leaf.
 */
const file = new URL('../../../../test/captures/managed-fields.jsonl.gz', import.meta.url)
const versions = gunzipSync(readFileSync(file)).toString().trim().split('\n').map(readObject)

function readObject(line: string): ApiObject {
  return JSON.parse(line) as ApiObject
}

function schemaOf({ apiVersion, kind }: ApiObject): MergeSchema {
  const definition = headCrds.find((crd) => crd.spec.names.kind === kind)
  if (definition === undefined) return builtInMergeSchema(apiVersion, kind)
  return mergeSchemaOf(definition.spec.versions[0]?.schema.openAPIV3Schema as OpenApiNode)
}

interface Write {
  readonly before: ApiObject | undefined
  readonly after: ApiObject
  /** Entry of the one manager whose time moved. */
  readonly by: ManagedFieldsEntry
}

function writes(): Write[] {
  const last = new Map<string, ApiObject>()
  const found: Write[] = []
  for (const after of versions) {
    const key = `${after.kind} ${after.metadata.name}`
    const before = last.get(key)
    last.set(key, after)
    const times = new Map(before?.metadata.managedFields?.map((entry) => [identityOf(entry), entry.time]))
    const moved = (after.metadata.managedFields ?? []).filter(
      (entry) => times.get(identityOf(entry)) !== entry.time,
    )
    const [by] = moved
    // Two writes in one second hide who made the second; admission adds to new pods what nobody owns.
    const isPodCreate = before === undefined && after.kind === 'Pod'
    if (moved.length === 1 && by !== undefined && !isPodCreate) found.push({ before, after, by })
  }
  return found
}

function bare(object: ApiObject): ApiObject {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

test('default: every recorded create, replace and patch leaves the recorded entries', () => {
  const updates = writes().filter(({ by }) => by.operation === 'Update')
  expect(updates.length).toBeGreaterThan(60)
  for (const { before, after, by } of updates) {
    const tracked = trackUpdate({
      before,
      after: bare(after),
      manager: by.manager,
      subresource: by.subresource,
      apiVersion: by.apiVersion,
      schema: schemaOf(after),
      now: new Date(by.time ?? ''),
    })
    expect(tracked.metadata.managedFields).toEqual(after.metadata.managedFields)
  }
})

/** The part of an object that a set names: what its manager must have applied. */
function extract(value: unknown, set: FieldSet, schema: MergeSchema): unknown {
  if (Object.keys(set).every((element) => element === '.')) return value
  if (Array.isArray(value)) {
    const { list } = schema
    return value.flatMap((item: unknown) => {
      const below = list === undefined ? undefined : set[itemElement(item, list) ?? '']
      return below === undefined || list === undefined ? [] : [extract(item, below, list.items)]
    })
  }
  const entries = Object.entries(value as Record<string, unknown>).flatMap(([key, field]) => {
    const below = set[fieldElement(key)]
    const inner = (schema.map && fieldSchema(schema.map, key)) ?? undeclared
    return below === undefined ? [] : [[key, extract(field, below, inner)] as const]
  })
  return Object.fromEntries(entries)
}

test('default: every recorded apply leaves the recorded entries', () => {
  const applies = writes().filter(({ by }) => by.operation === 'Apply')
  expect(applies.length).toBeGreaterThan(2)
  for (const { before, after, by } of applies) {
    const schema = schemaOf(after)
    const { apiVersion, kind, metadata } = after
    const part = extract(after, by.fieldsV1 as FieldSet, schema) as ApiObject
    const { object } = serverSideApply({
      live: before,
      config: {
        ...part,
        apiVersion,
        kind,
        metadata: { ...part.metadata, name: metadata.name, namespace: metadata.namespace ?? '' },
      },
      manager: by.manager,
      subresource: by.subresource,
      force: true,
      apiVersion,
      schema,
      now: new Date(by.time ?? ''),
    })
    expect(object.metadata.managedFields).toEqual(metadata.managedFields)
  }
})
