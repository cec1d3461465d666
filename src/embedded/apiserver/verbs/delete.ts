import type { User } from '../access/user.ts'
import { namespaceFor } from '../admission/attributes.ts'
import type { ServerContext } from '../context.ts'
import { deepEqual, isRecord, recordAt, timestamp, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { conflict, detailsOf, forbidden } from '../status-error.ts'
import type { DeleteOptions } from './delete-options.ts'
import { isFinished } from './update.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'
const crdCleanup = 'customresourcecleanup.apiextensions.k8s.io'
const protectedNamespaces: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public'])

export interface Deletion {
  /** The final state when removed, else the object as it now waits for its finalizers or its grace period. */
  readonly object: ApiObject
  readonly removed: boolean
}

/** Who deletes, where webhooks may have a say. */
export interface Deleter {
  readonly user: User
  readonly warnings: Set<string>
  /** Of a whole collection: its members come without their names. */
  readonly isCollection?: boolean
}

/**
 * Deletes an object after its webhooks were asked: as it is when they have answered. Where there are none that is done before
 * this returns. Resolves to `undefined` when it has gone by then.
 * @param find the object as `resource` shows it
 */
export async function admitDeletion(
  context: ServerContext,
  resource: Resource,
  find: () => ApiObject | undefined,
  options: DeleteOptions,
  { user, warnings, isCollection = false }: Deleter,
): Promise<Deletion | undefined> {
  let live = find()
  if (live === undefined) return undefined
  const { name } = live.metadata
  const namespace = namespaceFor(resource, live.metadata.namespace, isCollection ? '' : name)
  const about = { operation: 'DELETE', resource, subresource: '', namespace } as const
  const { dryRun, given } = options
  const admitting = context.admission.begin({
    ...about,
    name: isCollection ? '' : name,
    user,
    dryRun,
    options: given,
    warnings,
  })
  if (admitting !== undefined) {
    checkPreconditions(resource, live, options)
    await admitting.mutateDeletion(live)
    await admitting.validate(undefined, live)
    live = find()
    if (live === undefined) return undefined
  }
  return deleteObject(context, resource, live, options)
}

/**
 * Deletes `live`, or marks it as terminating while finalizers or a grace period hold it.
 * @throws StatusError 409 when a precondition does not hold
 */
export function deleteObject(
  context: ServerContext,
  resource: Resource,
  live: ApiObject,
  options: DeleteOptions,
): Deletion {
  checkPreconditions(resource, live, options)
  checkDeletable(resource, live)
  const finalizers = finalizersFor(resource, live, options)
  const grace = graceFor(live, options)
  const marked = mark(resource, live, { finalizers, grace, now: context.now() })
  const removed = isFinished(marked)
  if (options.dryRun) return { object: removed ? live : marked, removed }
  if (!removed) return { object: write(resource, live, marked), removed }
  return { object: remove(resource, live, marked), removed }
}

function checkPreconditions(resource: Resource, live: ApiObject, options: DeleteOptions): void {
  const { uid = '', resourceVersion = '', name } = live.metadata
  // Here alone details.kind and the message hold the Kind.
  const type = { group: resource.group, plural: resource.kind }
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
    throw conflict(type, name, why)
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`
    throw conflict(type, name, why)
  }
}

function checkDeletable(resource: Resource, live: ApiObject): void {
  if (!isNamespace(resource) || !protectedNamespaces.has(live.metadata.name)) return
  throw forbidden(resource, live.metadata.name, 'this namespace may not be deleted')
}

function isNamespace(resource: Resource): boolean {
  return resource.group === '' && resource.plural === 'namespaces'
}

/** The object's finalizers after the propagation policy had its say. */
function finalizersFor(resource: Resource, live: ApiObject, options: DeleteOptions): string[] {
  const current = live.metadata.finalizers ?? []
  const kept = current.filter((finalizer) => finalizer !== foreground && finalizer !== orphan)
  const policy = options.propagation ?? policyOf(resource, current)
  if (policy === 'Foreground') kept.push(foreground)
  if (policy === 'Orphan') kept.push(orphan)
  if (isDefinition(resource) && live.metadata.deletionTimestamp === undefined && !kept.includes(crdCleanup)) {
    kept.push(crdCleanup)
  }
  return deepEqual(kept.toSorted(), current.toSorted()) ? current : kept
}

function policyOf(resource: Resource, current: readonly string[]): 'Foreground' | 'Orphan' | undefined {
  if (current.includes(orphan)) return 'Orphan'
  if (current.includes(foreground)) return 'Foreground'
  return resource.strategy.orphansByDefault ? 'Orphan' : undefined
}

/** Seconds a Pod is left to stop; everything else has none. */
function graceFor(live: ApiObject, options: DeleteOptions): number {
  if (live.kind !== 'Pod' || live.apiVersion !== 'v1') return 0
  const spec = recordAt(live, 'spec')
  const phase = recordAt(live, 'status')['phase']
  if (typeof spec['nodeName'] !== 'string' || spec['nodeName'] === '') return 0
  if (phase === 'Succeeded' || phase === 'Failed') return 0
  const own = spec['terminationGracePeriodSeconds']
  const wanted = options.gracePeriodSeconds ?? (typeof own === 'number' ? own : 30)
  return Math.max(0, wanted)
}

interface Mark {
  readonly finalizers: readonly string[]
  readonly grace: number
  readonly now: Date
}

/** `live` as terminating. A repeated deletion can only shorten the grace period. */
function mark(resource: Resource, live: ApiObject, { finalizers, grace, now }: Mark): ApiObject {
  const metadata = { ...live.metadata }
  const marked: ApiObject = { ...live, metadata }
  delete metadata.finalizers
  if (finalizers.length > 0) metadata.finalizers = [...finalizers]
  const before = live.metadata.deletionGracePeriodSeconds
  const isFirst = live.metadata.deletionTimestamp === undefined
  if (isFirst || (before !== undefined && grace < before)) {
    metadata.deletionTimestamp = timestamp(new Date(now.getTime() + grace * 1000))
    // Whoever marks these two does so without it.
    if (!isNamespace(resource) && !isDefinition(resource)) metadata.deletionGracePeriodSeconds = grace
  }
  if (isFirst && metadata.generation !== undefined && !isDefinition(resource)) metadata.generation += 1
  if (isFirst) markStatus(resource, marked, now)
  return marked
}

function markStatus(resource: Resource, marked: ApiObject, now: Date): void {
  if (isNamespace(resource)) {
    marked['status'] = { ...recordAt(marked, 'status'), phase: 'Terminating' }
  }
  if (!isDefinition(resource)) return
  const status = recordAt(marked, 'status')
  const conditions = Array.isArray(status['conditions']) ? status['conditions'] : []
  const terminating = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  }
  const others = conditions.filter((condition) => !isRecord(condition) || condition['type'] !== 'Terminating')
  marked['status'] = { ...status, conditions: [...others, terminating] }
}

function write(resource: Resource, live: ApiObject, marked: ApiObject): ApiObject {
  if (deepEqual(marked, live)) return live
  const stored = resource.toStored === undefined ? marked : resource.toStored(marked)
  return viewOf(resource, resource.collection.put(stored))
}

function remove(resource: Resource, live: ApiObject, marked: ApiObject): ApiObject {
  const { collection } = resource
  // A Pod's removal is two writes even without grace: watchers first see the deletion timestamp.
  if (live.kind === 'Pod' && live.metadata.deletionGracePeriodSeconds !== 0) {
    return collection.remove(collection.put(marked))
  }
  const last = live.metadata.deletionTimestamp === undefined ? live : marked
  const stored = resource.toStored === undefined ? last : resource.toStored(last)
  return viewOf(resource, collection.remove(stored))
}

function isDefinition(resource: Resource): boolean {
  return resource.kind === 'CustomResourceDefinition' && resource.group === 'apiextensions.k8s.io'
}

/** The answer to a DELETE that removed an object of a kind whose deletions are answered with a Status. */
export function deletedStatus(resource: Resource, object: ApiObject): Record<string, unknown> {
  const { name, uid = '' } = object.metadata
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(resource, name), uid },
  }
}
