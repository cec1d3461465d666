import { codecFor } from './http/codecs.ts'
import { readBody, type ApiRequest } from './http/request.ts'
import { sendJsonText } from './http/respond.ts'
import { toJson } from './json.ts'
import { isRecord } from './object.ts'

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

/** What each review answers in `status`. Nothing is ever refused: the only identity is the administrator. */
const answers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [`${authorization}/selfsubjectaccessreviews`]: allowed,
  [`${authorization}/subjectaccessreviews`]: allowed,
  [`${authorization}/localsubjectaccessreviews`]: allowed,
  [`${authorization}/selfsubjectrulesreviews`]: rules,
  [`${authentication}/selfsubjectreviews`]: { userInfo: administrator },
}

/** Answers a POST of an access or identity review; false for anything else. */
export async function serveReview(
  request: ApiRequest,
  isToken: (token: string) => boolean,
): Promise<boolean> {
  const key = reviewKey(request)
  if (key === undefined) return false
  const codec = codecFor(request.raw.headers['content-type'], true)
  const body = await codec.decode(await readBody(request))
  const review = isRecord(body) ? body : {}
  const status = answers[key] ?? tokenStatus(review['spec'], isToken)
  await sendJsonText(request, 201, toJson({ metadata: {}, ...review, status }), undefined)
  return true
}

function reviewKey(request: ApiRequest): string | undefined {
  const [root, group = '', version, ...path] = request.segments
  if (request.method !== 'POST' || root !== 'apis' || version !== 'v1') return undefined
  const plural = path[0] === 'namespaces' ? path[2] : path[0]
  const key = `${group}/${plural ?? ''}`
  return key in answers || key === `${authentication}/tokenreviews` ? key : undefined
}

function tokenStatus(spec: unknown, isToken: (token: string) => boolean): Record<string, unknown> {
  const token = isRecord(spec) ? spec['token'] : undefined
  if (typeof token === 'string' && isToken(token)) return { authenticated: true, user: administrator }
  return { authenticated: false, user: {}, error: 'invalid bearer token' }
}
