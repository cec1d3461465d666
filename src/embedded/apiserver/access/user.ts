/** Who a request speaks for. */
export interface User {
  readonly username: string
  readonly uid?: string | undefined
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Whoever is in it may do anything, whatever the roles say. */
export const mastersGroup = 'system:masters'
export const authenticatedGroup = 'system:authenticated'
export const unauthenticatedGroup = 'system:unauthenticated'

/** Who the token of a cluster's kubeconfig speaks for. */
export const administrator: User = {
  username: 'kubernetes-admin',
  uid: 'kubernetes-admin',
  groups: [mastersGroup, authenticatedGroup],
}

/** Who comes without credentials. */
export const anonymous: User = { username: 'system:anonymous', groups: [unauthenticatedGroup] }

/** The server itself, for what it writes of its own accord. */
export const loopback: User = { username: 'system:apiserver', groups: [mastersGroup] }

export function isMaster(user: User): boolean {
  return user.groups.includes(mastersGroup)
}

const accountPrefix = 'system:serviceaccount:'
const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const accountName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

export interface AccountName {
  readonly namespace: string
  readonly name: string
}

export function accountUsername({ namespace, name }: AccountName): string {
  return `${accountPrefix}${namespace}:${name}`
}

/** The ServiceAccount that a user name means; `undefined` for anyone else's. */
export function accountOf(username: string): AccountName | undefined {
  if (!username.startsWith(accountPrefix)) return undefined
  const [namespace = '', name = '', ...rest] = username.slice(accountPrefix.length).split(':')
  if (rest.length > 0 || !namespaceName.test(namespace)) return undefined
  return isAccountName(name) ? { namespace, name } : undefined
}

function isAccountName(name: string): boolean {
  return name.length <= 253 && accountName.test(name)
}

/** The groups of every ServiceAccount in a namespace, but for `system:authenticated`. */
export function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}

/** The node that a user name means; `undefined` for anyone else's. */
export function nodeOf(username: string): string | undefined {
  const name = /^system:node:(.*)$/.exec(username)?.[1]
  return name !== undefined && isAccountName(name) ? name : undefined
}
