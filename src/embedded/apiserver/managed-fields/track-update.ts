import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import { timestamp, type ApiObject } from '../object.ts'
import { compareObjects } from './compare.ts'
import { difference, isEmpty, leaf, union, type FieldSet } from './field-set.ts'
import { capManagers, identityOf, readManagers, writeManagers, type Managers } from './managers.ts'
import type { MergeSchema } from './merge-schema.ts'

export interface TrackUpdate<T extends ApiObject> {
  /** The stored object; left out on a create. */
  readonly before?: ApiObject | undefined
  /** What is to be stored, `metadata.managedFields` as the request gave them. */
  readonly after: T
  readonly manager: string
  readonly subresource?: string | undefined
  readonly apiVersion: string
  readonly schema: MergeSchema
  readonly now: Date
}

/**
 * Records a create, replace or patch other than apply in `metadata.managedFields`: changed and added fields become this
 * manager's and leave all others, removed ones leave all. Never a conflict. The entry's time is that of the last write in
 * which its manager changed a value, whether or not its set of fields changed (so do real servers).
 *
 * Entries that the request itself carries replace the stored ones, but not through a subresource; a single empty entry
 * resets them. An object that was stored without entries stays without until it is applied.
 */
export function trackUpdate<T extends ApiObject>(update: TrackUpdate<T>): T {
  const { before, after, subresource, schema } = update
  const stored = before?.metadata.managedFields
  const entries = entriesToStartFrom(after.metadata.managedFields, stored, subresource)
  const managers = readManagers(entries) ?? readManagers(stored) ?? new Map()
  if (before !== undefined && managers.size === 0) return withEntries(after, [])
  const { taken, removed } = compareObjects(before ?? schema.blank ?? blankObject, after, schema)
  if (taken === undefined && removed === undefined) return withEntries(after, entries ?? [])
  recordUpdate(managers, update, taken ?? leaf, removed ?? leaf)
  return withEntries(after, writeManagers(managers))
}

/** A create through the API starts from an object with its header only. */
const blankObject = {}

function entriesToStartFrom(
  given: readonly ManagedFieldsEntry[] | undefined,
  stored: readonly ManagedFieldsEntry[] | undefined,
  subresource: string | undefined,
): readonly ManagedFieldsEntry[] | undefined {
  if (subresource !== undefined || given === undefined || given.length === 0) return stored
  if (given.length === 1 && given[0] !== undefined && Object.keys(given[0]).length === 0) return []
  return readManagers(given) === undefined ? stored : given
}

/** Adds what an Update took to its manager's set and takes what it took or removed from all the others. */
export function recordUpdate(
  managers: Managers,
  by: Pick<TrackUpdate<ApiObject>, 'manager' | 'subresource' | 'apiVersion' | 'now'>,
  taken: FieldSet,
  removed: FieldSet,
): void {
  const { manager, subresource, apiVersion, now } = by
  const self = { manager, operation: 'Update', apiVersion, subresource } as const
  const id = identityOf(self)
  for (const [other, owned] of managers) {
    const kept = other === id ? owned.set : difference(owned.set, taken)
    const set = difference(kept, removed)
    if (isEmpty(set)) managers.delete(other)
    else if (set !== owned.set) managers.set(other, { ...owned, set })
  }
  if (!isEmpty(taken)) {
    const held = managers.get(id)
    const set = union(held?.set ?? leaf, taken)
    managers.set(id, { ...self, entry: held?.entry, time: timestamp(now), set })
  }
  capManagers(managers)
}

/** `object` with these entries; the object itself when it has them already. */
export function withEntries<T extends ApiObject>(object: T, entries: readonly ManagedFieldsEntry[]): T {
  if (object.metadata.managedFields === entries) return object
  const { managedFields: _, ...metadata } = object.metadata
  if (entries.length === 0) return { ...object, metadata }
  return { ...object, metadata: { ...metadata, managedFields: entries } }
}
