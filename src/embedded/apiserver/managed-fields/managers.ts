import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import { isEmpty, isFieldSet, union, type FieldSet } from './field-set.ts'

/** Who wrote, how, and in which version: one entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource?: string | undefined
}

/** What one manager owns, and when it last changed something. */
export interface Owned extends Manager {
  readonly time?: string | undefined
  readonly set: FieldSet
  /** The entry this was read from, to be written back as it is when nothing changes. */
  readonly entry?: ManagedFieldsEntry | undefined
}

/** All managers of one object by their identity. */
export type Managers = Map<string, Owned>

/** Update entries that an object keeps; older ones are merged into `ancient-changes`. */
const maxUpdateManagers = 10
const ancientManager = 'ancient-changes'

/** Two entries of one identity are one. An applier keeps its entry when it moves to another version. */
export function identityOf({ manager, operation, apiVersion, subresource = '' }: Manager): string {
  return `${operation}|${operation === 'Apply' ? '' : apiVersion}|${subresource}|${manager}`
}

/** Reads `metadata.managedFields`; `undefined` when an entry is malformed, which makes servers ignore them all. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers: Managers = new Map()
  for (const entry of entries ?? []) {
    if (!isWellFormed(entry)) return undefined
    const { manager, operation, apiVersion, subresource, time, fieldsV1 } = entry
    const set = fieldsV1 as FieldSet
    managers.set(identityOf(entry), { manager, operation, apiVersion, subresource, time, set, entry })
  }
  return managers
}

/** Entries that this server wrote are not looked through again. */
const known = new WeakSet<object>()

function isWellFormed(entry: ManagedFieldsEntry): boolean {
  if (typeof entry !== 'object' || entry === null) return false
  if (entry.operation !== 'Apply' && entry.operation !== 'Update') return false
  if (typeof entry.apiVersion !== 'string' || entry.apiVersion === '' || entry.fieldsType !== 'FieldsV1')
    return false
  if (known.has(entry)) return true
  if (!isFieldSet(entry.fieldsV1 ?? {})) return false
  known.add(entry)
  return true
}

/** Writes `metadata.managedFields` in the servers' order; managers that own nothing are left out. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] {
  const entries: ManagedFieldsEntry[] = []
  for (const owned of managers.values()) if (!isEmpty(owned.set)) entries.push(entryOf(owned))
  return entries.sort(compareEntries)
}

function entryOf(owned: Owned): ManagedFieldsEntry {
  const { manager, operation, apiVersion, subresource, time, set, entry } = owned
  const same = entry !== undefined && entry.fieldsV1 === set && entry.time === time
  if (same && entry.apiVersion === apiVersion) return entry
  const written: ManagedFieldsEntry = {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: set,
    ...(subresource === undefined ? {} : { subresource }),
  }
  known.add(written)
  return written
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  )
}

/** RFC 3339 in UTC and whole seconds sorts as text. */
function compareText(a = '', b = ''): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Merges the oldest Update entries of a version into one, until at most ten are left. */
export function capManagers(managers: Managers): void {
  const updates = [...managers].filter(([, owned]) => owned.operation === 'Update')
  let count = updates.length
  if (count <= maxUpdateManagers) return
  updates.sort(([a, left], [b, right]) => compareText(left.time, right.time) || compareText(a, b))
  const firstOf = new Map<string, string>()
  for (const [id, owned] of updates) {
    if (count <= maxUpdateManagers) return
    const { apiVersion, time } = owned
    const first = firstOf.get(apiVersion)
    if (first === undefined) {
      firstOf.set(apiVersion, id)
      continue
    }
    const bucket: Manager = { manager: ancientManager, operation: 'Update', apiVersion }
    const bucketId = identityOf(bucket)
    const held = managers.get(bucketId) ?? managers.get(first)
    if (!managers.has(bucketId)) managers.delete(first)
    managers.delete(id)
    // The later of the two times: it is the one being merged in.
    const set = held === undefined ? owned.set : union(owned.set, held.set)
    managers.set(bucketId, { ...bucket, time, set })
    count -= 1
  }
}
