import { invalidValue, notSupported, type FieldError } from '../field-error.ts'
import { codecFor } from '../http/codecs.ts'
import { isDryRun, isTrue, readBody, type ApiRequest } from '../http/request.ts'
import { conform } from '../kinds/conform.ts'
import { isRecord, recordAt, stringAt } from '../object.ts'
import type { JsonObject } from '../resource.ts'
import { badRequest, invalid } from '../status-error.ts'
import { DecodingError } from './decoding-error.ts'
import { wholeNumber } from './list-options.ts'

export type Propagation = 'Background' | 'Foreground' | 'Orphan'

export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined
  /** `undefined`: the kind's own default, or what finalizers already say. */
  readonly propagation: Propagation | undefined
  readonly uid: string | undefined
  readonly resourceVersion: string | undefined
  readonly dryRun: boolean
  /** The options as they were given: what webhooks see. */
  readonly given: JsonObject
}

const policies: readonly string[] = ['Foreground', 'Background', 'Orphan']

/**
 * Options from the body if there is one, else from the query, never from both.
 * @throws StatusError 400 for a body that cannot be read, 422 for options that make no sense
 */
export async function readDeleteOptions(request: ApiRequest): Promise<DeleteOptions> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return checked(fromQuery(request))
  // The options are no custom resource, whatever is deleted.
  const codec = codecFor(request.raw.headers['content-type'], true)
  const body = await codec.decode(bytes, { apiVersion: 'meta.k8s.io/v1', kind: 'DeleteOptions' })
  if (!isRecord(body)) throw badRequest('the object provided is unrecognized (must be of type DeleteOptions)')
  const kind = stringAt(body, 'kind') ?? ''
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw badRequest(`no kind "${kind}" is registered for version "${stringAt(body, 'apiVersion') ?? ''}"`)
  }
  return checked(typed(body))
}

/** @throws StatusError 400 for an option of another type than its own */
function typed(body: Record<string, unknown>): Record<string, unknown> {
  try {
    return conform(body, 'V1DeleteOptions', { kind: 'DeleteOptions', version: 'v1' }).value
  } catch (error) {
    throw error instanceof DecodingError ? badRequest(error.why) : error
  }
}

function fromQuery(request: ApiRequest): Record<string, unknown> {
  const { query } = request
  const grace = query.get('gracePeriodSeconds')
  const policy = query.get('propagationPolicy')
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: wholeNumber(grace) }),
    ...(query.has('orphanDependents') ? { orphanDependents: isTrue(request, 'orphanDependents') } : {}),
    ...(policy === null || policy === '' ? {} : { propagationPolicy: policy }),
    ...(isDryRun(request) ? { dryRun: ['All'] } : {}),
  }
}

function checked(body: Record<string, unknown>): DeleteOptions {
  const errors = problems(body)
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors)
  const grace = body['gracePeriodSeconds']
  const preconditions = recordAt(body, 'preconditions')
  return {
    gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
    propagation: propagationOf(body),
    uid: stringAt(preconditions, 'uid'),
    resourceVersion: stringAt(preconditions, 'resourceVersion'),
    dryRun: Array.isArray(body['dryRun']) && body['dryRun'].includes('All'),
    given: { ...(body as JsonObject), kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' },
  }
}

function propagationOf(body: Record<string, unknown>): Propagation | undefined {
  const orphan = body['orphanDependents']
  if (typeof orphan === 'boolean') return orphan ? 'Orphan' : 'Background'
  return stringAt(body, 'propagationPolicy') as Propagation | undefined
}

function problems(body: Record<string, unknown>): FieldError[] {
  const errors: FieldError[] = []
  const policy = stringAt(body, 'propagationPolicy')
  const orphan = body['orphanDependents']
  if (typeof orphan === 'boolean' && policy !== undefined) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set'
    errors.push(invalidValue('propagationPolicy', policy, detail))
  }
  if (policy !== undefined && !policies.includes(policy)) {
    errors.push(notSupported('propagationPolicy', policy, [...policies, 'nil']))
  }
  const dryRun = Array.isArray(body['dryRun']) ? body['dryRun'] : []
  if (dryRun.some((value) => value !== 'All')) {
    errors.push(notSupported('dryRun', dryRun, ['All']))
  }
  return errors
}
