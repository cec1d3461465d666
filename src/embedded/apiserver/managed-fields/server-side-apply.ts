import { badRequest, StatusError } from '../status-error.ts'
import { deepEqual, timestamp, type ApiObject } from '../object.ts'
import { compareObjects } from './compare.ts'
import { conflictError, findConflicts, type Conflict } from './conflicts.ts'
import { fieldSetOf } from './field-set-of.ts'
import { difference, equalSets, isEmpty, leaf, union, type FieldSet } from './field-set.ts'
import { allowedByLastApplied, hasLastApplied, withLastApplied } from './last-applied.ts'
import { capManagers, identityOf, readManagers, writeManagers, type Managers } from './managers.ts'
import { mergeConfig } from './merge.ts'
import type { MergeSchema } from './merge-schema.ts'
import { prune } from './prune.ts'
import { recordUpdate, withEntries } from './track-update.ts'
import { mismatches } from './validate.ts'

export interface ServerSideApply {
  /** The stored object; left out when the apply creates it. */
  readonly live?: ApiObject | undefined
  /** The object as sent, its header checked and filled in. */
  readonly config: ApiObject
  readonly manager: string
  readonly force: boolean
  readonly subresource?: string | undefined
  readonly apiVersion: string
  readonly schema: MergeSchema
  readonly now: Date
  /** Top-level fields that this endpoint neither changes nor lets anyone own: `status` on the main one of most kinds. */
  readonly resetFields?: readonly string[] | undefined
}

/** Owner of fields that were there before the object was first applied. */
const beforeFirstApply = 'before-first-apply'

/**
 * Server-side apply: lays `config` over the live object, removes what this manager applied before and no longer does,
 * and records who owns what. When that changes neither object nor owners, `object` is `live` itself.
 *
 * Throws StatusError: 400 for `metadata.managedFields` in the config, 500 for a config that does not fit the schema, and
 * unless forced 409 when it would change a value that another manager owns.
 */
export function serverSideApply(apply: ServerSideApply): { object: ApiObject } {
  if (apply.config.metadata.managedFields !== undefined)
    throw badRequest('metadata.managedFields must be nil')
  refuseMismatches(apply)
  const attempt = merge(apply)
  if (attempt.conflicts.length > 0 && !apply.force) refuseConflicts(apply, attempt.conflicts)
  return { object: settle(apply, attempt) }
}

interface Attempt {
  readonly id: string
  readonly managers: Managers
  readonly merged: ApiObject
  readonly taken: FieldSet
  readonly removed: FieldSet
  readonly conflicts: readonly Conflict[]
}

function merge(apply: ServerSideApply): Attempt {
  const { live, schema, manager, subresource, apiVersion, now } = apply
  const managers = managersBefore(apply)
  const self = { manager, operation: 'Apply', apiVersion, subresource } as const
  const id = identityOf(self)
  const last = managers.get(id)
  const config = withoutResets(apply)
  const set = fieldSetOf(config, schema)
  managers.set(id, { ...self, entry: last?.entry, time: timestamp(now), set })
  const laid = mergeConfig(live, config, schema) as ApiObject
  const owned = [...managers.values()].reduce((all, each) => union(all, each.set), leaf)
  const merged = last === undefined ? laid : (prune(laid, last.set, owned, schema) as ApiObject)
  const { taken = leaf, removed = leaf } = compareObjects(live ?? schema.blank ?? {}, merged, schema)
  return { id, managers, merged, taken, removed, conflicts: findConflicts(managers, id, taken) }
}

/** The stored managers; for an object without any its present fields belong to nobody in particular. */
function managersBefore({ live, schema, apiVersion, now }: ServerSideApply): Managers {
  const managers = readManagers(live?.metadata.managedFields) ?? new Map()
  if (live === undefined || managers.size > 0) return managers
  const { taken } = compareObjects(schema.blank ?? {}, live, schema)
  recordUpdate(managers, { manager: beforeFirstApply, apiVersion, now }, taken ?? leaf, leaf)
  return managers
}

function withoutResets({ config, resetFields = [] }: ServerSideApply): ApiObject {
  const kept: Record<string, unknown> = { ...config }
  for (const field of resetFields) delete kept[field]
  return kept as ApiObject
}

function settle(apply: ServerSideApply, attempt: Attempt): ApiObject {
  const { live } = apply
  const { id, managers, taken, removed } = attempt
  for (const [other, owned] of managers) {
    const set = other === id ? owned.set : difference(difference(owned.set, taken), removed)
    if (isEmpty(set)) managers.delete(other)
    else if (set !== owned.set) managers.set(other, { ...owned, set })
  }
  capManagers(managers)
  const merged =
    apply.manager === 'kubectl' && hasLastApplied(attempt.merged)
      ? withLastApplied(attempt.merged, apply.config)
      : attempt.merged
  if (live !== undefined && sameContent(live, merged)) {
    if (sameOwners(live, managers)) return live
    // Owning what is there is no change, and gets no new time.
    const own = managers.get(id)
    if (own !== undefined) managers.set(id, { ...own, time: own.entry?.time })
  }
  return withEntries(merged, writeManagers(managers))
}

function sameOwners(live: ApiObject, managers: Managers): boolean {
  const before = readManagers(live.metadata.managedFields)
  if (before === undefined || before.size !== managers.size) return false
  return [...managers].every(([id, owned]) => {
    const old = before.get(id)
    return old !== undefined && old.apiVersion === owned.apiVersion && equalSets(old.set, owned.set)
  })
}

function sameContent(live: ApiObject, merged: ApiObject): boolean {
  return merged === live || deepEqual(withEntries(live, []), withEntries(merged, []))
}

function refuseMismatches({ config, schema, apiVersion }: ServerSideApply): void {
  const found = mismatches(config, schema)
  if (found.length === 0) return
  const { name, namespace = '' } = config.metadata
  const slash = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  const what = `${namespace}/${name}; ${slash}, Kind=${config.kind}`
  const list = found.length === 1 ? found[0] : ['errors:', ...found.map((each) => `  ${each}`)].join('\n')
  throw new StatusError(500, '', `failed to create typed patch object (${what}): ${list}`)
}

/** kubectl may take over what it once applied on the client's side, as the annotation it left tells. */
function refuseConflicts(
  { live, manager, schema, apiVersion }: ServerSideApply,
  conflicts: readonly Conflict[],
): void {
  if (manager !== 'kubectl' || live === undefined) throw conflictError(conflicts)
  const left = conflicts.filter(allowedByLastApplied(live, schema, apiVersion))
  if (left.length > 0) throw conflictError(left)
}
