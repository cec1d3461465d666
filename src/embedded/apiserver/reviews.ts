import { accessStatus, rulesStatus } from './access/access-review.ts'
import { tokenStatus } from './access/token-review.ts'
import type { User } from './access/user.ts'
import type { ServerContext } from './context.ts'
import { refusedMethod, unknownPath } from './http/refusals.ts'
import type { ApiRequest } from './http/request.ts'
import { sendJsonText } from './http/respond.ts'
import { toJson } from './json.ts'
import { conform } from './kinds/conform.ts'
import { recordAt, timestamp, type ApiObject } from './object.ts'
import { groupVersionOf, type ServedResource } from './resource.ts'
import { readObject } from './verbs/body.ts'
import { reportFields } from './verbs/unknown-fields.ts'
import { writeRequest } from './verbs/write-request.ts'

const authorization = 'authorization.k8s.io'
const authentication = 'authentication.k8s.io'

/** What a review answers, of its body and who sent it. Throws StatusError for what it cannot answer. */
type Reviewer = (context: ServerContext, review: ApiObject, user: User) => object

interface Review extends ServedResource {
  readonly apiVersion: string
  readonly custom: false
  readonly answer: Reviewer
}

const access: Reviewer = (context, review, user) => ({
  metadata: review.metadata,
  spec: review['spec'],
  status: accessStatus(context.access.rbac, review, user),
})

const reviews: readonly Review[] = [
  review(authentication, 'SelfSubjectReview', ({ now }, _review, { username, uid, groups, extra }) => ({
    metadata: { creationTimestamp: timestamp(now()) },
    status: { userInfo: { username, uid, groups, extra } },
  })),
  review(authentication, 'TokenReview', (context, { metadata, spec }) => ({
    metadata,
    spec,
    status: tokenStatus(context.access.authenticator, spec),
  })),
  review(authorization, 'LocalSubjectAccessReview', access),
  review(authorization, 'SelfSubjectAccessReview', access),
  review(authorization, 'SelfSubjectRulesReview', (context, { spec }, user) => ({
    metadata: {},
    spec: {},
    status: rulesStatus(context.access.rbac, spec, user),
  })),
  review(authorization, 'SubjectAccessReview', access),
]

/** The reviews as discovery lists them, by group and name. They are no collections: they can be created, and no more. */
export const reviewResources: readonly ServedResource[] = reviews

function review(group: string, kind: string, answer: Reviewer): Review {
  const served = { group, version: 'v1' }
  return {
    ...served,
    apiVersion: groupVersionOf(served),
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    listKind: kind,
    shortNames: [],
    categories: [],
    namespaced: kind.startsWith('Local'),
    verbs: ['create'],
    subresources: [],
    custom: false,
    answer,
  }
}

/** Answers a request for an access or identity review; false for anything else. */
export async function serveReview(context: ServerContext, request: ApiRequest): Promise<boolean> {
  const asked = reviewAsked(request)
  if (asked === undefined) return false
  const { resource, namespace } = asked
  if (request.method !== 'POST') throw refusedMethod(resource, request.method)
  const write = writeRequest(request)
  const body = await readObject(request, resource, { namespace })
  const { value, unknown } = conform(body, `V1${resource.kind}`, resource)
  reportFields(write, resource, unknown)
  const { apiVersion, kind, answer } = resource
  const given = { ...body, spec: recordAt(value, 'spec'), metadata: withoutName(body.metadata) }
  const answered = { apiVersion, kind, ...answer(context, given, request.user) }
  await sendJsonText(request, 201, toJson(answered), undefined)
  return true
}

/** Reading fills in an empty name, which a review does not have. */
function withoutName({ name, ...rest }: ApiObject['metadata']): ApiObject['metadata'] {
  return (name === '' ? rest : { name, ...rest }) as ApiObject['metadata']
}

function reviewAsked(
  request: ApiRequest,
): { readonly resource: Review; readonly namespace: string | undefined } | undefined {
  const [root, group, version, ...path] = request.segments
  if (root !== 'apis' || version !== 'v1') return undefined
  const namespace = path[0] === 'namespaces' && path.length > 2 ? path[1] : undefined
  const [plural, name] = namespace === undefined ? path : path.slice(2)
  const resource = reviews.find((one) => one.group === group && one.plural === plural)
  if (resource?.namespaced !== (namespace !== undefined)) return undefined
  if (name !== undefined) throw unknownPath()
  return { resource, namespace }
}
