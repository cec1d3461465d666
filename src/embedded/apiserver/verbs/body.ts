import { invalidValue } from '../field-error.ts'
import { codecFor } from '../http/codecs.ts'
import { duplicateKeys } from '../http/duplicate-keys.ts'
import { readBody, type ApiRequest } from '../http/request.ts'
import { toJson } from '../json.ts'
import { conform } from '../kinds/conform.ts'
import { cleanMetadata } from '../metadata-rules.ts'
import { deepEqual, isRecord, stringAt, type ApiObject } from '../object.ts'
import type { BodyType } from '../resource-type.ts'
import { badRequest, invalid } from '../status-error.ts'
import { decodingError } from './decoding-error.ts'

/**
 * The object in a POST or PUT body, the caller's own, with the metadata ObjectMeta knows and the URL's namespace.
 * @throws StatusError 400 for what is not such an object, or not of the URL's type, name or namespace
 */
export async function readObject(
  request: ApiRequest,
  resource: BodyType,
  at: { namespace: string | undefined; name?: string | undefined },
): Promise<ApiObject> {
  const codec = codecFor(request.raw.headers['content-type'], !resource.custom)
  const bytes = await readBody(request)
  const value = await codec.decode(bytes, resource)
  // An absent fieldValidation means Warn, but the text is searched only for those who ask.
  if (request.query.has('fieldValidation') && codec.mediaType === 'application/json') {
    for (const path of duplicateKeys(bytes.toString('utf8'), value)) {
      request.decoding.add(`duplicate field "${path}"`)
    }
  }
  const object = typedObject(value, resource, request)
  placeObject(object, resource, at)
  return object
}

/**
 * Checks the type header and takes over the metadata. Throws StatusError 400.
 * @param live what a patch started from
 */
export function typedObject(
  value: unknown,
  resource: BodyType,
  request: ApiRequest,
  live?: ApiObject,
): ApiObject {
  if (!isRecord(value)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error`,
    )
  }
  const {
    apiVersion = resource.custom ? '' : resource.apiVersion,
    kind = resource.custom ? '' : resource.kind,
  } = value
  const missing = kind === '' ? 'Kind' : apiVersion === '' ? 'apiVersion' : undefined
  if (missing !== undefined) {
    const text = excerpt(value)
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object '${missing}' is missing in '${text}' (${text})`,
    )
  }
  checkType(String(apiVersion), String(kind), resource, value)
  return {
    ...value,
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: readMetadata(value['metadata'], resource, request, live),
  }
}

/** @throws StatusError 400 for another type than the URL's; 422 for a custom resource of another kind */
function checkType(
  apiVersion: string,
  kind: string,
  resource: BodyType,
  value: Record<string, unknown>,
): void {
  if (apiVersion === resource.apiVersion && kind === resource.kind) return
  if (!resource.custom && apiVersion === resource.apiVersion) {
    // Go's name for the package of the internal form.
    const internal = resource.group === '' ? 'core' : resource.group.split('.')[0]
    const why = `converting (${resource.version}.${kind}) to (${internal}.${resource.kind}): unknown conversion`
    throw decodingError(resource, why, kind)
  }
  if (apiVersion !== resource.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${resource.apiVersion})`,
    )
  }
  const name = stringAt(value['metadata'], 'name') ?? ''
  const wrong = invalidValue('kind', kind, `must be ${resource.kind}`)
  throw invalid({ group: resource.group, kind }, name, [wrong])
}

function readMetadata(
  value: unknown,
  resource: BodyType,
  request: ApiRequest,
  live: ApiObject | undefined,
): ApiObject['metadata'] {
  if (value !== undefined && value !== null && !isRecord(value)) {
    const given = Array.isArray(value) ? 'array' : typeof value
    throw decodingError(resource, `json: cannot unmarshal ${given} into Go value of type v1.ObjectMeta`)
  }
  const fields = isRecord(value) ? value : {}
  const read = conform(fields, 'V1ObjectMeta', resource, live?.metadata, { path: 'metadata' })
  for (const path of read.unknown) request.decoding.add(`unknown field "${path}"`)
  const metadata = cleanMetadata(read.value)
  if (metadata.ownerReferences !== live?.metadata.ownerReferences) dropRepeatedOwners(metadata, request)
  return metadata
}

function dropRepeatedOwners(metadata: ApiObject['metadata'], request: ApiRequest): void {
  const owners = metadata.ownerReferences ?? []
  const repeated = owners.filter((owner, index) =>
    owners.slice(0, index).some((earlier) => deepEqual(earlier, owner)),
  )
  if (repeated.length === 0) return
  metadata.ownerReferences = owners.filter((owner) => !repeated.includes(owner))
  request.warnings.add(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.map(({ uid }) => uid).join(', ')}`,
  )
}

function excerpt(value: unknown): string {
  return toJson(value).slice(0, 200)
}

/** Gives the object the URL's namespace, and checks that it names no other, nor another name than the URL's. */
export function placeObject(
  object: ApiObject,
  resource: BodyType,
  at: { namespace: string | undefined; name?: string | undefined },
): void {
  const { metadata } = object
  if (!resource.namespaced) {
    delete metadata.namespace
  } else if (metadata.namespace === undefined) {
    if (at.namespace !== undefined) metadata.namespace = at.namespace
  } else if (at.namespace !== undefined && metadata.namespace !== at.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (at.name === undefined) return
  if (metadata.name === at.name) return
  throw badRequest(
    metadata.name === ''
      ? `the name of the object (${at.name} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${metadata.name}) does not match the name on the URL (${at.name})`,
  )
}
