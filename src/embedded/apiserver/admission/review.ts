import { randomUUID } from 'node:crypto'

import { errorText } from '../../../errors/error-text.ts'
import type { User } from '../access/user.ts'
import { isRecord, listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import type { Resource } from '../resource-type.ts'
import type { StatusCause, StatusDetails } from '../status-error.ts'
import { StatusError } from '../status-error.ts'
import type { Attributes } from './attributes.ts'

/** A call that failed, as opposed to one that was answered with no. The message is why. */
export class CallError extends Error {}

/** What a webhook answered. */
export interface Verdict {
  readonly allowed: boolean
  readonly result: Record<string, unknown> | undefined
  readonly warnings: readonly string[]
  /** Operations of a JSON patch; empty where nothing is to be changed. */
  readonly patch: readonly unknown[]
}

interface Review extends Record<string, unknown> {
  readonly request: Readonly<Record<string, unknown>>
}

/** The AdmissionReview that asks about a write, in the form of `resource`. */
export function reviewOf(
  attributes: Attributes,
  resource: Resource,
  { object, old }: { readonly object: ApiObject | undefined; readonly old: ApiObject | undefined },
): { readonly uid: string; readonly body: Review } {
  const uid = randomUUID()
  const { subresource, name, namespace, kind } = attributes
  const request = {
    uid,
    kind: kind ?? kindOf(resource),
    resource: resourceOf(resource),
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: kind ?? kindOf(attributes.resource),
    requestResource: resourceOf(attributes.resource),
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation: attributes.operation,
    userInfo: userInfo(attributes.user),
    object: object ?? null,
    oldObject: old ?? null,
    dryRun: attributes.dryRun,
    options: attributes.options,
  }
  return { uid, body: { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request } }
}

function kindOf({ group, version, kind }: Resource): Record<string, string> {
  return { group, version, kind }
}

function resourceOf({ group, version, plural }: Resource): Record<string, string> {
  return { group, version, resource: plural }
}

function userInfo({ username, uid, groups, extra }: User): Record<string, unknown> {
  const known = uid === undefined || uid === '' ? {} : { uid }
  const isExtra = extra !== undefined && Object.keys(extra).length > 0
  return { username, ...known, groups, ...(isExtra ? { extra } : {}) }
}

/** Checks an answer as a real server does. Throws CallError. */
export function readVerdict(answer: unknown, uid: string, mutating: boolean): Verdict {
  const { response } = isRecord(answer) ? answer : {}
  if (!isRecord(response)) throw invalidAnswer('webhook response was absent')
  const given = stringAt(response, 'uid') ?? ''
  if (given !== uid)
    throw invalidAnswer(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(given)}`)
  const type = typeText(answer)
  const expected = 'admission.k8s.io/v1, Kind=AdmissionReview'
  if (type !== expected) throw invalidAnswer(`expected webhook response of ${expected}, got ${type}`)
  return {
    allowed: response['allowed'] === true,
    result: isRecord(response['status']) ? response['status'] : undefined,
    warnings: listAt(response, 'warnings').map(String),
    patch: patchOf(response, mutating),
  }
}

function invalidAnswer(why: string): CallError {
  return new CallError(`received invalid webhook response: ${why}`)
}

function typeText(answer: unknown): string {
  const apiVersion = stringAt(answer, 'apiVersion') ?? ''
  const group = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  return `${group}, Kind=${stringAt(answer, 'kind') ?? ''}`
}

function patchOf(response: Record<string, unknown>, mutating: boolean): readonly unknown[] {
  const patch = stringAt(response, 'patch') ?? ''
  const type = response['patchType'] ?? undefined
  if (!mutating) {
    if (patch !== '') throw invalidAnswer('validating webhook may not return response.patch')
    if (type !== undefined) throw invalidAnswer('validating webhook may not return response.patchType')
    return []
  }
  if (patch !== '' && type === undefined)
    throw invalidAnswer('webhook returned response.patch but not response.patchType')
  if (patch === '' && type !== undefined)
    throw invalidAnswer('webhook returned response.patchType but not response.patch')
  if (type === '') throw invalidAnswer('webhook returned invalid response.patchType of ""')
  if (type !== undefined && type !== 'JSONPatch')
    throw new CallError(`unsupported patch type ${JSON.stringify(type)}`)
  return decodePatch(Buffer.from(patch, 'base64').toString('utf8'))
}

function decodePatch(text: string): readonly unknown[] {
  if (text === '') return []
  const undecodable = (why: string): CallError =>
    new CallError(`received undecodable patch in webhook response: ${why}`)
  let operations: unknown
  try {
    operations = JSON.parse(text)
  } catch (error) {
    throw undecodable(errorText(error))
  }
  if (Array.isArray(operations)) return operations
  const type = isRecord(operations) ? 'object' : typeof operations
  throw undecodable(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`)
}

/** The refusal that a webhook's no becomes. */
export function denial(hook: string, result: Record<string, unknown> = {}): StatusError {
  const by = `admission webhook ${JSON.stringify(hook)} denied the request`
  const message = stringAt(result, 'message') ?? ''
  const reason = stringAt(result, 'reason') ?? ''
  const why = message === '' ? reason : message
  const { code } = result
  return new StatusError(
    // A no cannot come with the code of a yes.
    typeof code === 'number' && code >= 400 ? code : 400,
    reason,
    why === '' ? `${by} without explanation` : `${by}: ${why}`,
    result['details'] === undefined ? undefined : detailsOf(recordAt(result, 'details')),
  )
}

function detailsOf({
  name,
  group,
  kind,
  uid,
  causes,
  retryAfterSeconds,
}: Record<string, unknown>): StatusDetails {
  const texts = Object.fromEntries(
    Object.entries({ name, group, kind, uid }).filter(([, text]) => typeof text === 'string' && text !== ''),
  )
  return {
    ...texts,
    ...(Array.isArray(causes) ? { causes: causes.filter(isRecord) as StatusCause[] } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  }
}
