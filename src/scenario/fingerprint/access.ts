import type { Right } from '../../contract/scenario-rights.ts'
import { isForbidden } from '../../kube/errors.ts'
import type { KubeClient } from '../../kube/types.ts'

/** One verb on one resource that is not granted. */
export interface MissingRight {
  readonly verb: string
  readonly right: Right
}

interface Review {
  readonly status?: { readonly allowed?: boolean }
}

/** Whom to ask about: whoever the client is, or an account of a namespace. */
export type Subject = 'self' | { readonly namespace: string; readonly account: string }

/**
 * What of these rights a subject does not have; `namespace` left out asks for the whole cluster. Undefined where asking about
 * others is forbidden. Throws KUBE_REQUEST for what else the API server refuses.
 */
export async function missingRights(
  kube: KubeClient,
  subject: Subject,
  namespace: string | undefined,
  rights: readonly Right[],
): Promise<MissingRight[] | undefined> {
  const asked = rights.flatMap((right) => right.verbs.map((verb): MissingRight => ({ verb, right })))
  try {
    const answers = await Promise.all(
      asked.map(async (question) => ({
        question,
        allowed: await allowed(kube, subject, namespace, question),
      })),
    )
    return answers.filter((answer) => !answer.allowed).map(({ question }) => question)
  } catch (error) {
    if (subject !== 'self' && isForbidden(error)) return undefined
    throw error
  }
}

async function allowed(
  kube: KubeClient,
  subject: Subject,
  namespace: string | undefined,
  { verb, right: { group, resource } }: MissingRight,
): Promise<boolean> {
  const [plural = resource, subresource] = resource.split('/')
  const resourceAttributes = { namespace, verb, group, resource: plural, subresource }
  const kind = subject === 'self' ? 'SelfSubjectAccessReview' : 'SubjectAccessReview'
  const spec = subject === 'self' ? { resourceAttributes } : { resourceAttributes, ...userOf(subject) }
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`
  const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec }
  const { status } = await kube.request<Review>('POST', path, { body })
  return status?.allowed === true
}

/** As the API server knows a ServiceAccount. */
function userOf({ namespace, account }: { readonly namespace: string; readonly account: string }): object {
  return {
    user: `system:serviceaccount:${namespace}:${account}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}

/** `patch workflows.chaos-mesh.org, get pods/log`: what is missing, for a message. */
export function describeMissing(missing: readonly MissingRight[]): string {
  const byResource = new Map<string, string[]>()
  for (const { verb, right } of missing) {
    const name = right.group === '' ? right.resource : `${right.resource}.${right.group}`
    byResource.set(name, [...(byResource.get(name) ?? []), verb])
  }
  return [...byResource].map(([name, verbs]) => `${verbs.join('|')} ${name}`).join(', ')
}
