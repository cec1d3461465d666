import { mediaTypeOf, decodeYaml } from '../http/codecs.ts'
import { isTrue, readBody } from '../http/request.ts'
import { precheck, requireObject, type ResourceCall } from '../http/resource-call.ts'
import { typeNameOf } from '../kinds/builtin.ts'
import { conform } from '../kinds/conform.ts'
import { parseJson } from '../json.ts'
import { serverSideApply } from '../managed-fields/server-side-apply.ts'
import { isRecord, keyFor, type ApiObject } from '../object.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { badRequest, notFound, StatusError, unsupportedMediaType } from '../status-error.ts'
import { placeObject, typedObject } from './body.ts'
import { createObject } from './create.ts'
import { decodingPatch, readPatched } from './decoding-error.ts'
import { fromLatest } from './replace.ts'
import { updateObject } from './update.ts'
import { writeRequest, type WriteRequest } from './write-request.ts'
import { errorText } from '../../../errors/error-text.ts'

/** Makes the patched object from the live one; `undefined` where only apply, which creates, has an answer. */
type Patch = (live: ApiObject) => unknown

const applyType = 'application/apply-patch+yaml'

const strategicType = 'application/strategic-merge-patch+json'

const patchTypes: Readonly<Record<string, (body: unknown, resource: Resource) => Patch>> = {
  'application/json-patch+json': (operations) => (live) => applyJsonPatch(live, operations),
  'application/merge-patch+json': (patch) => (live) => applyMergePatch(live, patch),
  [strategicType]: (patch, resource) => (live) => applyStrategicMergePatch(live, patch, resource.mergeSchema),
}

/** PATCH of an object or of its `status`, by any of the four types. */
export async function patchObject(call: ResourceCall, subresource = ''): Promise<void> {
  const { request, resource } = call
  const type = mediaTypeOf(request.raw.headers['content-type'])
  const isStrategicOnCustom = resource.custom && type.startsWith('application/strategic')
  const known = type === applyType || (type in patchTypes && !isStrategicOnCustom)
  if (!known) throw unsupportedPatch(resource)
  const write = writeRequest(request, { subresource, applied: type === applyType })
  const bytes = await readBody(request)
  if (type === applyType) {
    await apply(call, await decodeYaml(bytes), write)
    return
  }
  const body = decodePatch(bytes)
  const patch = patchTypes[type]?.(body, resource)
  if (patch === undefined) throw unsupportedPatch(resource)
  await update(call, patch, write, type === strategicType ? body : undefined)
}

function unsupportedPatch(resource: Resource): StatusError {
  if (!resource.custom) return new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  return unsupportedMediaType(['application/json-patch+json', 'application/merge-patch+json', applyType])
}

function decodePatch(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'))
  } catch (error) {
    throw badRequest(`error decoding patch: ${errorText(error)}`)
  }
}

/** @param strategic the patch, where a refusal shows it in place of what it made */
async function update(
  call: ResourceCall,
  patch: Patch,
  write: WriteRequest,
  strategic: unknown,
): Promise<void> {
  const { context, resource, namespace, name } = call
  const placed = (made: unknown, live: ApiObject): ApiObject => {
    const body = readPatched({ made, strategic }, () => typedObject(made, resource, call.request, live))
    placeObject(body, resource, { namespace, name })
    return body
  }
  const patched = (): { live: ApiObject; made: unknown; body: ApiObject } => {
    const live = requireObject(call)
    const made = patch(live)
    return { live, made, body: placed(made, live) }
  }
  if (resource.strategy.precheck !== undefined) await precheck(resource, patched().body, call)
  const object = await fromLatest(() => {
    const { live, made, body } = patched()
    return decodingPatch({ made, strategic }, () => updateObject(context, resource, live, body, write))
  })
  await call.answers.object(200, object)
}

async function apply(call: ResourceCall, value: unknown, write: WriteRequest): Promise<void> {
  const { context, resource } = call
  const config = appliedConfig(call, value, write.subresource)
  if (resource.strategy.precheck !== undefined) {
    await precheck(resource, merged(call, config, write).body, call)
  }
  const { code, object } = await fromLatest(async () => {
    const { live, body } = merged(call, config, write)
    const object = typedObject(body, resource, call.request, live)
    placeObject(object, resource, { namespace: call.namespace, name: call.name })
    if (live !== undefined)
      return { code: 200, object: await updateObject(context, resource, live, object, write) }
    context.access.requireCreate(call.request.user, resource, call.namespace, call.name)
    return { code: 201, object: await createObject(context, resource, object, write) }
  })
  await call.answers.object(code, object)
}

function appliedConfig(call: ResourceCall, value: unknown, subresource: string): ApiObject {
  const { resource, namespace, name } = call
  if (isRecord(value) && (value['apiVersion'] !== resource.apiVersion || value['kind'] !== resource.kind)) {
    throw badRequest(`invalid object type: ${typeText(value)}`)
  }
  const config = typedObject(value, resource, call.request)
  if ((config.metadata.managedFields?.length ?? 0) > 0) {
    throw badRequest('metadata.managedFields must be nil')
  }
  delete config.metadata.managedFields
  // Checked on a copy: messages name the namespace only where the config does. What is there lends its name.
  const exists = resource.collection.get(keyFor(namespace, name)) !== undefined
  const lent = exists && config.metadata.name === '' ? { name } : {}
  placeObject({ ...config, metadata: { ...config.metadata, ...lent } }, resource, { namespace, name })
  config.metadata.name = name
  if (!resource.custom) return declared(config, resource)
  if (subresource === '') return config
  // The status of a custom resource comes without its metadata.
  return { ...config, metadata: { name } }
}

/** `group/version, Kind=kind`, with nothing where the object says nothing. */
function typeText(value: Record<string, unknown>): string {
  const apiVersion = String(value['apiVersion'] ?? '')
  const group = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  return `${group}, Kind=${String(value['kind'] ?? '')}`
}

/** The config of a built-in kind as its type reads it. Apply refuses unknown fields whatever `fieldValidation` says. */
function declared(config: ApiObject, resource: Resource): ApiObject {
  const { value, unknown } = conform(config, typeNameOf(config), resource, undefined, { keepsZeros: true })
  if (unknown.length === 0) return { ...config, ...value }
  const { name, namespace = '' } = config.metadata
  const version = resource.group === '' ? `/${resource.version}` : resource.apiVersion
  const fields = unknown.map((field) => `.${field}: field not declared in schema`)
  const list =
    fields.length === 1 ? fields[0] : ['errors:', ...fields.map((field) => `  ${field}`)].join('\n')
  const what = `${namespace}/${name}; ${version}, Kind=${resource.kind}`
  throw new StatusError(500, '', `failed to create typed patch object (${what}): ${list}`)
}

function merged(
  call: ResourceCall,
  config: ApiObject,
  write: WriteRequest,
): { live: ApiObject | undefined; body: ApiObject } {
  const { context, request, resource, namespace, name } = call
  const found = resource.collection.get(keyFor(namespace, name))
  const live = found === undefined ? undefined : viewOf(resource, found)
  if (live === undefined) checkCreatable(resource, config, write)
  const { object: body } = serverSideApply({
    live,
    config,
    manager: write.manager,
    force: isTrue(request, 'force'),
    ...(write.subresource === '' ? {} : { subresource: write.subresource }),
    apiVersion: resource.apiVersion,
    schema: resource.mergeSchema,
    now: context.now(),
    resetFields: resetFields(resource, config, write),
  })
  return { live, body }
}

/** What the endpoint does not let anyone own: `status` on the object's own, everything else on `/status`. */
function resetFields(resource: Resource, config: ApiObject, write: WriteRequest): string[] {
  if (write.subresource === '') return resource.strategy.hasStatus ? ['status'] : []
  const kept = ['apiVersion', 'kind', 'metadata', write.subresource]
  return Object.keys(config).filter((field) => !kept.includes(field))
}

function checkCreatable(resource: Resource, config: ApiObject, write: WriteRequest): void {
  const { name, uid } = config.metadata
  if (write.subresource !== '') throw notFound(resource, name)
  if (uid === undefined) return
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
  const message = `Operation cannot be fulfilled on ${resource.plural} "${name}": ${why}`
  throw new StatusError(409, 'Conflict', message, { name, kind: resource.plural })
}
