import { keyFor, type ApiObject } from '../object.ts'
import type { Store } from '../store.ts'
import type { AccountClaims, ObjectClaim } from './account-tokens.ts'
import { accountGroups, accountUsername, type User } from './user.ts'

/** How long a token outlives the start of its object's deletion, and how far clocks may differ, in ms. */
const leewayMs = 60_000
const invalidated = 'service account token has been invalidated'

/** Who the claims of a genuine token speak for at this moment; else why they no longer do, in the words of a real server. */
export function accountIdentity(store: Store, claims: AccountClaims, now: Date): User | string {
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io']
  if (now.getTime() - leewayMs > claims.exp * 1000) return 'service account token has expired'
  if (now.getTime() + leewayMs < claims.nbf * 1000) return 'service account token is not valid yet'
  const problem =
    accountProblem(store, namespace, serviceaccount, now) ??
    boundProblem(
      store.collection('secrets').get(keyFor(namespace, secret?.name ?? '')),
      'secret',
      secret,
      now,
    ) ??
    boundProblem(store.collection('pods').get(keyFor(namespace, pod?.name ?? '')), 'pod', pod, now) ??
    // A pod's token names the node for information only.
    (pod === undefined
      ? boundProblem(store.collection('nodes').get(keyFor(undefined, node?.name ?? '')), 'node', node, now)
      : undefined)
  return problem ?? identity(claims)
}

function identity({ jti, ...claims }: AccountClaims): User {
  const { namespace, serviceaccount, pod, node } = claims['kubernetes.io']
  const extra: Record<string, string[]> = { 'authentication.kubernetes.io/credential-id': [`JTI=${jti}`] }
  const tell = (kind: string, { name, uid }: ObjectClaim): void => {
    extra[`authentication.kubernetes.io/${kind}-name`] = [name]
    if (uid !== undefined) extra[`authentication.kubernetes.io/${kind}-uid`] = [uid]
  }
  if (node !== undefined) tell('node', node)
  if (pod !== undefined) tell('pod', pod)
  return {
    username: accountUsername({ namespace, name: serviceaccount.name }),
    uid: serviceaccount.uid,
    groups: [...accountGroups(namespace), 'system:authenticated'],
    extra,
  }
}

function accountProblem(store: Store, namespace: string, claim: ObjectClaim, now: Date): string | undefined {
  const account = store.collection('serviceaccounts').get(keyFor(namespace, claim.name))
  if (account === undefined) return `serviceaccounts ${JSON.stringify(claim.name)} not found`
  const { uid = '' } = account.metadata
  if (uid !== claim.uid) return `service account UID (${uid}) does not match claim (${claim.uid ?? ''})`
  return isGone(account, now) ? `service account ${namespace}/${claim.name} has been deleted` : undefined
}

function boundProblem(
  object: ApiObject | undefined,
  kind: string,
  claim: ObjectClaim | undefined,
  now: Date,
): string | undefined {
  if (claim === undefined) return undefined
  if (object === undefined || isGone(object, now)) return invalidated
  const { uid = '' } = object.metadata
  if (uid === claim.uid) return undefined
  return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${claim.uid ?? ''})`
}

function isGone({ metadata: { deletionTimestamp } }: ApiObject, now: Date): boolean {
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < now.getTime() - leewayMs
}
