import { randomUUID } from 'node:crypto'

import { namespaceFor } from '../admission/attributes.ts'
import type { Admitting } from '../admission/admission.ts'
import type { ServerContext } from '../context.ts'
import { toJson } from '../json.ts'
import { trackUpdate } from '../managed-fields/track-update.ts'
import { metadataWarnings, validateMetadata } from '../metadata-rules.ts'
import { keyFor, timestamp, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { alreadyExists, forbidden, invalid, StatusError } from '../status-error.ts'
import { generateName } from './generate-name.ts'
import { requireOpenNamespace } from './namespace-admission.ts'
import type { WriteRequest } from './write-request.ts'

/**
 * Creates an object from a body that `readObject` or an apply made. Resolves to it as `resource` shows it; a dry run's has no
 * resourceVersion and is stored nowhere. Where no webhook is asked it is stored before this returns.
 */
export async function createObject(
  context: ServerContext,
  resource: Resource,
  body: ApiObject,
  write: WriteRequest,
): Promise<ApiObject> {
  requireDefinition(resource, body)
  requireOpenNamespace(context, resource, body)
  const { strategy } = resource
  const admitting = begin(context, resource, body, write)
  let draft = strategy.normalise(body, undefined, write)
  if (admitting !== undefined) draft = await mutate(admitting, context, resource, draft, write)
  strategy.guard?.(draft, undefined, write.user)
  const requestedRevision = draft.metadata.resourceVersion
  stampNew(draft, resource, context.now())
  if (strategy.hasStatus && !strategy.createsWithStatus) delete draft['status']
  if (draft.metadata.name === '' && draft.metadata.generateName !== undefined) {
    draft.metadata.name = generateName(resource, draft)
  }
  // Before what the server itself fills in: that belongs to nobody.
  if (!write.applied && admitting === undefined) draft = trackCreation(context, resource, draft, write)
  strategy.prepare?.(draft, undefined)
  const errors = [
    ...validateMetadata(draft, undefined, { rule: strategy.nameRule, custom: resource.custom }),
    ...strategy.validate(draft, undefined),
  ]
  if (errors.length > 0) throw invalid(resource, draft.metadata.name, errors)
  if (requestedRevision !== undefined) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created')
  }
  await admitting?.validate(draft, undefined)
  requireAbsent(resource, draft)
  for (const warning of metadataWarnings(draft, undefined, resource.custom)) write.warnings.add(warning)
  if (write.dryRun) return draft
  return store(resource, draft)
}

function begin(
  { admission }: ServerContext,
  resource: Resource,
  { metadata }: ApiObject,
  { user, dryRun, warnings, options: given }: WriteRequest,
): Admitting | undefined {
  // A PUT or a patch that creates brings other options.
  const options = { ...given, kind: 'CreateOptions' }
  const namespace = namespaceFor(resource, metadata.namespace, metadata.name)
  const about = { operation: 'CREATE', resource, subresource: '', namespace, name: metadata.name } as const
  return admission.begin({ ...about, user, dryRun, options, warnings })
}

/** What the mutating webhooks make of a draft, of which they see who wrote what. */
function mutate(
  admitting: Admitting,
  context: ServerContext,
  resource: Resource,
  draft: ApiObject,
  write: WriteRequest,
): Promise<ApiObject> {
  const { strategy } = resource
  const { uid: _, creationTimestamp: __, ...metadata } = draft.metadata
  const wiped: ApiObject = { ...draft, metadata }
  const { status, ...own } = wiped
  const isApart = strategy.hasStatus && !strategy.createsWithStatus
  const from = (isApart ? own : wiped) as ApiObject
  const tracked = write.applied ? from : trackCreation(context, resource, from, write)
  const shown = isApart && status !== undefined ? { ...tracked, status } : tracked
  const quietly = { ...write, fieldValidation: 'Ignore' } as const
  return admitting.mutate(shown, undefined, (object) => strategy.normalise(object, undefined, quietly))
}

function requireDefinition(resource: Resource, body: ApiObject): void {
  if (resource.terminating !== true) return
  const why = 'create not allowed while custom resource definition is terminating'
  throw forbidden(resource, body.metadata.name, why)
}

/** Sets what the server alone decides. The draft is the caller's own. */
function stampNew(draft: ApiObject, resource: Resource, now: Date): void {
  const { metadata } = draft
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp(now)
  delete metadata.resourceVersion
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  if (resource.strategy.counted) metadata.generation = 1
  else delete metadata.generation
}

function requireAbsent(resource: Resource, draft: ApiObject): void {
  const { name, namespace } = draft.metadata
  const existing = resource.collection.get(keyFor(namespace, name))
  if (existing === undefined) return
  throw alreadyExists(resource, name, existing.metadata.deletionTimestamp !== undefined)
}

function trackCreation(
  context: ServerContext,
  resource: Resource,
  draft: ApiObject,
  write: WriteRequest,
): ApiObject {
  delete draft.metadata.managedFields
  const { status, ...desired } = draft
  const tracked = trackUpdate({
    // Nobody owns a status that came along with the rest.
    after: resource.strategy.createsWithStatus ? (desired as ApiObject) : draft,
    manager: write.manager,
    ...(write.subresource === '' ? {} : { subresource: write.subresource }),
    apiVersion: resource.apiVersion,
    schema: resource.mergeSchema,
    now: context.now(),
  })
  return resource.strategy.createsWithStatus && status !== undefined ? { ...tracked, status } : tracked
}

/** Commits a draft in its stored form; returns it as `resource` shows it. */
export function store(resource: Resource, draft: ApiObject): ApiObject {
  const stored = resource.toStored === undefined ? draft : resource.toStored(draft)
  if (resource.custom) requireStorable(stored)
  // The store stamps the metadata, which a patch may share with the live object.
  const own = { ...stored, metadata: { ...stored.metadata } }
  return viewOf(resource, resource.collection.put(own))
}

/** What etcd takes in one request unless it is told otherwise, in bytes. */
const maxStoredBytes = 1_572_864

/** Kinds of Kubernetes' own come nowhere near it: those that hold data have limits of their own. */
function requireStorable(object: ApiObject): void {
  if (Buffer.byteLength(toJson(object)) > maxStoredBytes)
    throw new StatusError(500, '', 'etcdserver: request is too large')
}
