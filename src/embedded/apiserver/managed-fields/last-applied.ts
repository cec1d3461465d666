import { parseJson, toJson } from '../json.ts'
import { isRecord, type ApiObject } from '../object.ts'
import { compareObjects } from './compare.ts'
import type { Conflict } from './conflicts.ts'
import { fieldSetOf } from './field-set-of.ts'
import { difference, hasMember, leaf, type FieldSet } from './field-set.ts'
import type { MergeSchema } from './merge-schema.ts'

/** Where client-side apply keeps what it sent last. */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

export function hasLastApplied(object: ApiObject): boolean {
  return object.metadata.annotations?.[annotation] !== undefined
}

/** `object` with the annotation brought up to date, so that a later client-side apply starts from the truth. */
export function withLastApplied(object: ApiObject, config: ApiObject): ApiObject {
  const { [annotation]: _, ...annotations } = config.metadata.annotations ?? {}
  const { annotations: _sent, ...rest } = config.metadata
  const isBare = Object.keys(annotations).length === 0
  const bare = { ...config, metadata: isBare ? rest : { ...rest, annotations } }
  const metadata = {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [annotation]: `${toJson(bare)}\n` },
  }
  return { ...object, metadata }
}

/**
 * Tells which conflicts stand: those on fields that kubectl did not last apply from the client, or that were changed
 * since. Without a readable annotation all of them do.
 */
export function allowedByLastApplied(
  live: ApiObject,
  schema: MergeSchema,
  apiVersion: string,
): (conflict: Conflict) => boolean {
  const mine = lastAppliedSet(live, schema, apiVersion)
  return ({ path }) => !contains(mine, path)
}

function lastAppliedSet(live: ApiObject, schema: MergeSchema, apiVersion: string): FieldSet {
  const text = live.metadata.annotations?.[annotation]
  const applied = text === undefined ? undefined : parse(text)
  if (applied === undefined || applied['apiVersion'] !== apiVersion) return leaf
  const { taken = leaf, removed = leaf } = compareObjects(applied, live, schema)
  return difference(difference(fieldSetOf(applied, schema), taken), removed)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function contains(set: FieldSet, path: readonly string[]): boolean {
  const last = path.at(-1)
  let node: FieldSet | undefined = set
  for (const element of path.slice(0, -1)) node = node?.[element]
  return last !== undefined && node !== undefined && hasMember(node, last)
}
