import { randomUUID } from 'node:crypto'

import { issuer, type AccountClaims, type ObjectClaim } from '../access/account-tokens.ts'
import { accountUsername } from '../access/user.ts'
import { invalidValue, type FieldError } from '../field-error.ts'
import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { conform } from '../kinds/conform.ts'
import { keyFor, listAt, recordAt, stringAt, timestamp, type ApiObject } from '../object.ts'
import { badRequest, conflict, invalid, notFound } from '../status-error.ts'
import { readObject } from '../verbs/body.ts'
import { reportFields } from '../verbs/unknown-fields.ts'
import { writeRequest } from '../verbs/write-request.ts'

const tokenRequest = {
  group: 'authentication.k8s.io',
  version: 'v1',
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  plural: 'TokenRequest',
  namespaced: true,
  custom: false,
} as const

/** Times in seconds. */
const defaultLife = 3600
const leastLife = 600
const longestLife = 2 ** 32
/** Clients of old read a mounted token only once: one of this life, which the server mounts, is good for a year. */
const mountedLife = 3607
const extendedLife = 365 * 24 * 3600

type Claimed = AccountClaims['kubernetes.io']

/** POST of a TokenRequest: a token that speaks for the ServiceAccount, until it expires or what it is bound to goes. */
export async function serveToken(call: ResourceCall): Promise<void> {
  const { context, request, resource, namespace = '', name } = call
  if (request.method !== 'POST') throw refusedMethod(resource, request.method)
  const write = writeRequest(request)
  const body = await readObject(request, tokenRequest, { namespace })
  const { value, unknown } = conform(body, 'AuthenticationV1TokenRequest', tokenRequest)
  reportFields(write, tokenRequest, unknown)
  const account = requestedAccount(call, body)
  const { audiences, life, boundTo } = readSpec(value)
  const bound = boundTo === undefined ? {} : boundClaims(call, boundTo)
  const now = context.now()
  const iat = Math.floor(now.getTime() / 1000)
  const isMounted = bound.pod !== undefined && life === mountedLife && audiences.join() === issuer
  const { uid } = account.metadata
  const token = context.access.tokens.mint({
    iss: issuer,
    sub: accountUsername({ namespace, name }),
    aud: audiences,
    iat,
    nbf: iat,
    exp: iat + (isMounted ? extendedLife : life),
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      serviceaccount: { name, uid },
      ...bound,
      ...(isMounted ? { warnafter: iat + life } : {}),
    },
  })
  await call.answers.plain(201, {
    apiVersion: tokenRequest.apiVersion,
    kind: tokenRequest.kind,
    metadata: { name, namespace, uid, creationTimestamp: timestamp(now) },
    spec: { audiences, expirationSeconds: life, boundObjectRef: boundTo ?? null },
    status: { token, expirationTimestamp: timestamp(new Date(now.getTime() + life * 1000)) },
  })
}

/** Throws StatusError 404 when there is no such account, 422 and 409 when the body speaks of another one. */
function requestedAccount(call: ResourceCall, { metadata }: ApiObject): ApiObject {
  const { name } = call
  if (metadata.name !== '' && metadata.name !== name) {
    const detail = 'must match the service account name if specified'
    throw invalid(tokenRequest, name, [invalidValue('metadata.name', metadata.name, detail)])
  }
  const account = requireObject(call)
  const { uid = '' } = account.metadata
  if (metadata.uid === undefined || metadata.uid === uid) return account
  const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`
  throw conflict(tokenRequest, name, why)
}

function readSpec(request: Record<string, unknown>): {
  audiences: string[]
  life: number
  boundTo: Record<string, unknown> | undefined
} {
  const spec = recordAt(request, 'spec')
  const { expirationSeconds: life = defaultLife, boundObjectRef } = spec
  const errors = lifeErrors(Number(life))
  if (errors.length > 0) throw invalid(tokenRequest, '', errors)
  const audiences = listAt(spec, 'audiences').map(String)
  return {
    audiences: audiences.length === 0 ? [issuer] : audiences,
    life: Number(life),
    boundTo: boundObjectRef === undefined ? undefined : recordAt(spec, 'boundObjectRef'),
  }
}

function lifeErrors(life: number): FieldError[] {
  const field = 'spec.expirationSeconds'
  if (life < leastLife) {
    return [invalidValue(field, life, 'may not specify a duration less than 10 minutes')]
  }
  if (life <= longestLife) return []
  return [invalidValue(field, life, 'may not specify a duration larger than 2^32 seconds')]
}

/** What the token says of the object it is bound to. Throws StatusError 404, 409 or 400. */
function boundClaims(
  { context: { store }, name: account, namespace }: ResourceCall,
  ref: Record<string, unknown>,
): Pick<Claimed, 'pod' | 'secret' | 'node'> {
  const [kind = '', apiVersion = '', name = ''] = ['kind', 'apiVersion', 'name'].map((field) =>
    stringAt(ref, field),
  )
  const plural = apiVersion === 'v1' ? { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kind] : undefined
  if (plural === undefined) {
    const type = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
    throw badRequest(`cannot bind token to object of type ${type}, Kind=${kind}`)
  }
  const object = store.collection(plural).get(keyFor(plural === 'nodes' ? undefined : namespace, name))
  if (object === undefined) throw notFound({ group: '', plural }, name)
  const spec = recordAt(object, 'spec')
  if (kind === 'Pod' && stringAt(spec, 'serviceAccountName') !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  }
  const claim = claimOf(object)
  if (typeof ref['uid'] === 'string' && ref['uid'] !== '' && ref['uid'] !== claim.uid) {
    const why = `the UID in the bound object reference (${ref['uid']}) does not match the UID in record. The object might have been deleted and then recreated`
    throw conflict({ group: '', plural: kind }, name, why)
  }
  const nodeName = stringAt(spec, 'nodeName')
  if (kind !== 'Pod' || nodeName === undefined) return { [kind.toLowerCase()]: claim }
  const node = store.collection('nodes').get(keyFor(undefined, nodeName))
  return { pod: claim, node: node === undefined ? { name: nodeName } : claimOf(node) }
}

function claimOf({ metadata: { name, uid } }: ApiObject): ObjectClaim {
  return { name, uid }
}
