import { codecFor } from './http/codecs.ts'
import { readBody, type ApiRequest } from './http/request.ts'
import { sendJsonText } from './http/respond.ts'
import { toJson } from './json.ts'
import { isRecord } from './object.ts'
import type { ServedResource } from './resource.ts'

const authorization = 'authorization.k8s.io'
const authentication = 'authentication.k8s.io'

/** Who the one token of a cluster speaks for. */
const administrator = {
  username: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
} as const

const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const everyUrl = { verbs: ['*'], nonResourceURLs: ['*'] }
const rules = { resourceRules: [everything], nonResourceRules: [everyUrl], incomplete: false }

const allowed = { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "cluster-admin"' }

interface Review {
  readonly kind: string
  /** What it answers in `status`; absent where that depends on the review. */
  readonly status?: Readonly<Record<string, unknown>>
}

/** By group and plural. Nothing is ever refused: the only identity is the administrator. */
const reviews: Readonly<Record<string, Review>> = {
  [`${authorization}/selfsubjectaccessreviews`]: { kind: 'SelfSubjectAccessReview', status: allowed },
  [`${authorization}/subjectaccessreviews`]: { kind: 'SubjectAccessReview', status: allowed },
  [`${authorization}/localsubjectaccessreviews`]: { kind: 'LocalSubjectAccessReview', status: allowed },
  [`${authorization}/selfsubjectrulesreviews`]: { kind: 'SelfSubjectRulesReview', status: rules },
  [`${authentication}/selfsubjectreviews`]: {
    kind: 'SelfSubjectReview',
    status: { userInfo: administrator },
  },
  [`${authentication}/tokenreviews`]: { kind: 'TokenReview' },
}

/** The reviews as discovery lists them, by name. They are no collections: they can be created, and no more. */
export const reviewResources: readonly ServedResource[] = Object.entries(reviews)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, { kind }]) => {
    const [group = '', plural = ''] = key.split('/')
    return {
      group,
      version: 'v1',
      kind,
      plural,
      singular: kind.toLowerCase(),
      listKind: kind,
      shortNames: [],
      categories: [],
      namespaced: kind.startsWith('Local'),
      verbs: ['create'],
      subresources: [],
    }
  })

/** Answers a POST of an access or identity review; false for anything else. */
export async function serveReview(
  request: ApiRequest,
  isToken: (token: string) => boolean,
): Promise<boolean> {
  const asked = reviewAsked(request)
  if (asked === undefined) return false
  const codec = codecFor(request.raw.headers['content-type'], true)
  const expected = { apiVersion: `${request.segments[1] ?? ''}/v1`, kind: asked.kind }
  const body = await codec.decode(await readBody(request), expected)
  const review = isRecord(body) ? body : {}
  const status = asked.status ?? tokenStatus(review['spec'], isToken)
  await sendJsonText(request, 201, toJson({ metadata: {}, ...review, status }), undefined)
  return true
}

function reviewAsked(request: ApiRequest): Review | undefined {
  const [root, group = '', version, ...path] = request.segments
  if (request.method !== 'POST' || root !== 'apis' || version !== 'v1') return undefined
  const plural = path[0] === 'namespaces' ? path[2] : path[0]
  return reviews[`${group}/${plural ?? ''}`]
}

function tokenStatus(spec: unknown, isToken: (token: string) => boolean): Record<string, unknown> {
  const token = isRecord(spec) ? spec['token'] : undefined
  if (typeof token === 'string' && isToken(token)) return { authenticated: true, user: administrator }
  return { authenticated: false, user: {}, error: 'invalid bearer token' }
}
