import type { Admitting } from '../admission/admission.ts'
import { namespaceFor } from '../admission/attributes.ts'
import type { ServerContext } from '../context.ts'
import { invalidValue } from '../field-error.ts'
import { trackUpdate } from '../managed-fields/track-update.ts'
import { metadataWarnings, validateMetadata, validateMetadataUpdate } from '../metadata-rules.ts'
import { deepEqual, isRecord, keyOf, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { conflict, invalid } from '../status-error.ts'
import { store } from './create.ts'
import type { WriteRequest } from './write-request.ts'

/** Somebody else wrote while webhooks were asked: the write has to start over from what is there now. */
export class Overtaken extends Error {}

/**
 * Replaces `live` by `draft`, which PUT, a patch or an apply made of it. Resolves to the object as `resource` shows it: the
 * live one when nothing changed, the last state when the write emptied a terminating object's finalizers and so removed it.
 * Where no webhook is asked that is done before this returns. Throws Overtaken beside StatusErrors.
 */
export async function updateObject(
  context: ServerContext,
  resource: Resource,
  live: ApiObject,
  body: ApiObject,
  write: WriteRequest,
): Promise<ApiObject> {
  checkUid(resource, live, body)
  const admitting = begin(context, resource, live, write)
  // A refusal by a webhook comes before one for a stale body.
  if (admitting === undefined) checkRevision(resource, live, body)
  const stored = resource.collection.get(keyOf(live))
  let draft = resource.strategy.normalise(body, live, write)
  restoreMetadata(draft, live)
  const sent = draft
  draft = restrict(resource, draft, live, write)
  if (!write.applied) draft = track(context, resource, draft, live, write)
  if (admitting !== undefined) {
    draft = await mutate(admitting, resource, { sent, draft, live }, write)
    if (resource.collection.get(keyOf(live)) !== stored) throw new Overtaken()
    checkRevision(resource, live, body)
  }
  resource.strategy.guard?.(draft, live, write.user)
  if (write.subresource !== 'status') resource.strategy.prepare?.(draft, live)
  countGeneration(resource, draft, live)
  validate(resource, draft, live, write)
  if (admitting !== undefined) {
    await admitting.validate(draft, live)
    if (resource.collection.get(keyOf(live)) !== stored) throw new Overtaken()
  }
  if (deepEqual(draft, live)) return live
  if (write.dryRun) return draft
  if (isFinished(draft)) return viewOf(resource, resource.collection.remove(storedForm(resource, draft)))
  return store(resource, draft)
}

function begin(
  { admission }: ServerContext,
  resource: Resource,
  { metadata }: ApiObject,
  { subresource, user, dryRun, warnings, options }: WriteRequest,
): Admitting | undefined {
  // A Scale is admitted by itself, before it becomes this.
  if (subresource === 'scale') return undefined
  const { name } = metadata
  const namespace = namespaceFor(resource, metadata.namespace, name)
  const about = { operation: 'UPDATE', resource, subresource, namespace, name } as const
  return admission.begin({ ...about, user, dryRun, options, warnings })
}

interface Sent {
  /** The body as its kind reads it, with what this endpoint will not take. */
  readonly sent: ApiObject
  /** What it will take, and who owns it. */
  readonly draft: ApiObject
  readonly live: ApiObject
}

async function mutate(
  admitting: Admitting,
  resource: Resource,
  { sent, draft, live }: Sent,
  write: WriteRequest,
): Promise<ApiObject> {
  const { managedFields: _, ...metadata } = sent.metadata
  const { managedFields } = draft.metadata
  const shown = {
    ...sent,
    metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) },
  }
  const quietly = { ...write, fieldValidation: 'Ignore' } as const
  const mutated = await admitting.mutate(shown, live, (object) => {
    const read = resource.strategy.normalise(object, live, quietly)
    restoreMetadata(read, live)
    return read
  })
  return mutated === shown ? draft : restrict(resource, mutated, live, write)
}

function checkUid(resource: Resource, live: ApiObject, body: ApiObject): void {
  const { uid } = body.metadata
  const { name } = live.metadata
  if (uid !== undefined && uid !== live.metadata.uid) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.plural}/${live.metadata.namespace ?? ''}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid ?? ''}`,
    )
  }
}

function checkRevision(resource: Resource, live: ApiObject, body: ApiObject): void {
  const { resourceVersion } = body.metadata
  const { name } = live.metadata
  if (resourceVersion === undefined || resourceVersion === '0') return
  if (resourceVersion !== live.metadata.resourceVersion) throw conflict(resource, name)
}

/** PUT without resourceVersion, where the kind does not allow that. */
export function requireRevision(resource: Resource, body: ApiObject): void {
  const { name, resourceVersion } = body.metadata
  if (resource.strategy.unconditionalUpdate) return
  if (resourceVersion !== undefined && resourceVersion !== '0') return
  const type = { group: resource.group, kind: resource.plural }
  throw invalid(type, name, [invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')])
}

/** What no update changes. An absent field must stay absent: the comparison with `live` decides on a no-op. */
function restoreMetadata(draft: ApiObject, live: ApiObject): void {
  const fixed = [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
    'generateName',
  ] as const
  for (const field of fixed) {
    delete draft.metadata[field]
    const value = live.metadata[field]
    if (value !== undefined) Object.assign(draft.metadata, { [field]: value })
  }
}

/** Leaves to each endpoint only what it may write. */
function restrict(resource: Resource, draft: ApiObject, live: ApiObject, write: WriteRequest): ApiObject {
  if (write.subresource === 'status') {
    const status = draft['status'] === undefined ? {} : { status: draft['status'] }
    const { status: _, ...rest } = live
    // A built-in kind's status endpoint takes metadata too; a custom resource's takes nothing but status.
    const metadata = resource.custom ? statusMetadata(draft, live) : draft.metadata
    return { ...rest, ...status, apiVersion: draft.apiVersion, kind: draft.kind, metadata }
  }
  if (!resource.strategy.hasStatus) return draft
  const { status: _, ...rest } = draft
  return (live['status'] === undefined ? rest : { ...rest, status: live['status'] }) as ApiObject
}

function statusMetadata(draft: ApiObject, live: ApiObject): ApiObject['metadata'] {
  const { managedFields: _, ...metadata } = live.metadata
  const { managedFields } = draft.metadata
  return managedFields === undefined ? metadata : { ...metadata, managedFields }
}

function countGeneration(resource: Resource, draft: ApiObject, live: ApiObject): void {
  if (!resource.strategy.counted || !changesDesire(resource, draft, live)) return
  draft.metadata.generation = (live.metadata.generation ?? 0) + 1
}

/** Whether anything but metadata, and status where that has an endpoint of its own, differs. */
function changesDesire(resource: Resource, draft: ApiObject, live: ApiObject): boolean {
  const { hasStatus } = resource.strategy
  const fields = new Set([...Object.keys(draft), ...Object.keys(live)])
  for (const field of fields) {
    if (field === 'metadata' || field === 'apiVersion' || field === 'kind') continue
    if (field === 'status' && hasStatus) continue
    if (!deepEqual(draft[field], live[field])) return true
  }
  return false
}

function validate(resource: Resource, draft: ApiObject, live: ApiObject, write: WriteRequest): void {
  const { strategy } = resource
  const forbidden = validateMetadataUpdate(draft, live)
  const errors = [
    ...validateMetadata(draft, live, { rule: strategy.nameRule, custom: resource.custom }),
    // Checked by the registry and again by the kind, and so reported twice.
    ...forbidden,
    ...forbidden,
  ]
  if (write.subresource === 'status') {
    errors.push(...(strategy.validateStatus?.(draft, live) ?? []))
  } else {
    errors.push(...strategy.validate(draft, live))
  }
  if (errors.length > 0) throw invalid(resource, live.metadata.name, errors)
  for (const warning of metadataWarnings(draft, live, resource.custom)) write.warnings.add(warning)
}

/** Attributes the changes to the writer. A body may carry managed fields of its own: read-modify-write, or a reset. */
function track(
  context: ServerContext,
  resource: Resource,
  draft: ApiObject,
  live: ApiObject,
  write: WriteRequest,
): ApiObject {
  return trackUpdate({
    before: live,
    after: draft,
    manager: write.manager,
    ...(write.subresource === '' ? {} : { subresource: write.subresource }),
    apiVersion: resource.apiVersion,
    schema: resource.mergeSchema,
    now: context.now(),
  })
}

/** Nothing holds the object any more: it is terminating, without grace, and has no finalizers. */
export function isFinished(object: ApiObject): boolean {
  const { metadata } = object
  if (metadata.deletionTimestamp === undefined) return false
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  if ((metadata.finalizers?.length ?? 0) > 0) return false
  return object.kind !== 'Namespace' || !hasSpecFinalizers(object)
}

function hasSpecFinalizers(namespace: ApiObject): boolean {
  const spec = namespace['spec']
  return isRecord(spec) && Array.isArray(spec['finalizers']) && spec['finalizers'].length > 0
}

function storedForm(resource: Resource, object: ApiObject): ApiObject {
  return resource.toStored === undefined ? object : resource.toStored(object)
}
