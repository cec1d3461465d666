import { chaosKind } from '../../../../contract/kinds.ts'
import { errorText } from '../../../../errors/error-text.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { FieldError } from '../../../apiserver/field-error.ts'
import { deepEqual, isRecord, recordAt } from '../../../apiserver/object.ts'
import { affectedNamespaces } from './affected-namespaces.ts'
import { defaultedFault, defaultedSchedule, defaultedStatusCheck, defaultedWorkflow } from './defaults.ts'
import { faultErrors } from './fault-rules.ts'
import { misfit } from './go-decode.ts'
import { Panic, textOf } from './problems.ts'
import { scheduleErrors } from './schedule-rules.ts'
import { statusCheckErrors } from './status-check-rules.ts'
import { workflowErrors } from './workflow-rules.ts'

type Fields = Readonly<Record<string, unknown>>

/** What an AdmissionReview asks about. */
export interface ReviewRequest {
  readonly uid: string
  readonly kind: { readonly kind: string }
  readonly operation: string
  readonly namespace?: string
  readonly userInfo: { readonly username: string; readonly groups?: readonly string[]; readonly uid?: string }
  readonly object: Fields | null
  readonly oldObject: Fields | null
}

export interface ReviewResponse {
  readonly uid: string
  readonly allowed: boolean
  readonly status?: { readonly code: number; readonly reason?: string; readonly message?: string }
  readonly patchType?: 'JSONPatch'
  readonly patch?: string
}

/** A refusal that is no judgement of the object: it cannot be read, or judging it failed. */
function errored({ uid }: ReviewRequest, code: number, message: string): ReviewResponse {
  return { uid, allowed: false, status: { code, message } }
}

function denied({ uid }: ReviewRequest, message: string): ReviewResponse {
  return { uid, allowed: false, status: { code: 403, reason: 'Forbidden', message } }
}

function allowed({ uid }: ReviewRequest): ReviewResponse {
  return { uid, allowed: true, status: { code: 200 } }
}

/** Fills in what the writer left out. */
export function mutate(request: ReviewRequest): ReviewResponse {
  const { object, uid } = request
  const unread = unreadable(request)
  if (object === null || unread !== undefined) return unread ?? allowed(request)
  const before = recordAt(object, 'spec')
  const spec = defaulted(request.kind.kind, before, request.namespace ?? '')
  if (deepEqual(spec, before)) return { uid, allowed: true }
  const patch = [{ op: 'replace', path: '/spec', value: spec }]
  return {
    uid,
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
  }
}

function defaulted(kind: string, spec: Fields, namespace: string): Fields {
  if (kind === 'Workflow') return defaultedWorkflow(spec, namespace)
  if (kind === 'Schedule') return defaultedSchedule(spec)
  if (kind === 'StatusCheck') return defaultedStatusCheck(spec)
  return defaultedFault(kind, spec, namespace)
}

/** Judges the object, and of a fault that its spec stays as it is. */
export function validate(request: ReviewRequest): ReviewResponse {
  const { object, oldObject } = request
  const unread = unreadable(request)
  if (object === null || unread !== undefined) return unread ?? allowed(request)
  const { kind } = request.kind
  const spec = recordAt(object, 'spec')
  const isFault = kind !== 'Workflow' && kind !== 'Schedule' && kind !== 'StatusCheck'
  if (isFault && oldObject !== null && !sameSpec(spec, recordAt(oldObject, 'spec')))
    return denied(request, 'Cannot update chaos spec')
  try {
    const errors = errorsOf(kind, spec)
    return errors.length === 0 ? allowed(request) : denied(request, textOf(errors))
  } catch (error) {
    if (error instanceof Panic) return errored(request, 500, `panic: ${error.message} [recovered]`)
    throw error
  }
}

function errorsOf(kind: string, spec: Fields): FieldError[] {
  switch (kind) {
    case 'Workflow':
      return workflowErrors(spec)
    case 'Schedule':
      return scheduleErrors(spec)
    case 'StatusCheck':
      return statusCheckErrors(spec)
    default:
      return faultErrors(kind, spec)
  }
}

/** Go compares what it has read: a zero is as good as nothing. */
function sameSpec(spec: Fields, before: Fields): boolean {
  return deepEqual(withoutZeros(spec), withoutZeros(before))
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([, child]) => child !== 0 && child !== '' && child !== false)
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutZeros(child)]))
}

function unreadable(request: ReviewRequest): ReviewResponse | undefined {
  const { object, kind } = request
  const why = object === null ? undefined : misfit(object, kind.kind)
  return why === undefined ? undefined : errored(request, 400, why)
}

const exempt: ReadonlySet<string> = new Set([
  'AWSChaos',
  'GCPChaos',
  'PhysicalMachine',
  'PodHttpChaos',
  'PodIOChaos',
  'PodNetworkChaos',
  'RemoteCluster',
  'StatusCheck',
  'WorkflowNode',
])

/**
 * Lets in who may create this kind in every namespace that it selects pods of. The resource that is asked about is the kind in
 * lower case: of a Workflow that is none that there is.
 */
export async function authorize(kube: KubeClient, request: ReviewRequest): Promise<ReviewResponse> {
  const { object, kind, userInfo } = request
  if (exempt.has(kind.kind) || object === null) return allowed(request)
  const unread = unreadable(request)
  if (unread !== undefined) return unread
  const { namespaces, everywhere } = affectedNamespaces(recordAt(object, 'spec'))
  try {
    for (const namespace of everywhere ? [''] : namespaces) {
      if (await mayCreate(kube, request, namespace)) continue
      const where = everywhere ? 'cluster' : `namespace ${namespace}`
      return denied(request, `${userInfo.username} is forbidden on ${where}`)
    }
  } catch (error) {
    return errored(request, 400, errorText(error))
  }
  return allowed(request)
}

async function mayCreate(kube: KubeClient, request: ReviewRequest, namespace: string): Promise<boolean> {
  const { kind, userInfo } = request
  const { group } = chaosKind(kind.kind)
  const resource = kind.kind.toLowerCase()
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      resourceAttributes: { verb: 'create', group, resource, ...(namespace === '' ? {} : { namespace }) },
      user: userInfo.username,
      groups: userInfo.groups ?? [],
      ...(userInfo.uid === undefined ? {} : { uid: userInfo.uid }),
    },
  }
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
  const review = await kube.request<{ status?: { allowed?: boolean } }>('POST', path, { body })
  return review.status?.allowed === true
}
