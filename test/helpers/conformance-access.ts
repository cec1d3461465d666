import { expect } from 'vitest'

import type { Answer, CallOptions } from './api-target.ts'
import { at, textAt, type Space } from './conformance-case.ts'

type Fields = Record<string, unknown>

export const rbac = '/apis/rbac.authorization.k8s.io/v1'
const apiVersion = 'rbac.authorization.k8s.io/v1'
const whoPath = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
export const tokenReviewPath = '/apis/authentication.k8s.io/v1/tokenreviews'
export const selfReviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** A real server takes changes of roles, accounts and tokens into account a little later: tokens after 10 s. */
export const lag = { timeout: 20_000, interval: 50 }

/** What an administrator sends to speak for someone else. */
export function as(user: string, ...groups: string[]): Pick<CallOptions, 'headers'> {
  return {
    headers: { 'impersonate-user': user, ...(groups.length === 0 ? {} : { 'impersonate-group': groups }) },
  }
}

export function user(name: string): Fields {
  return { kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }
}

export function rule(verbs: string, resources: string, more: Fields = {}): Fields {
  return { apiGroups: [''], resources: resources.split(' '), verbs: verbs.split(' '), ...more }
}

/** A Role; `inCluster` makes a ClusterRole of it. */
export function role(name: string, rules: readonly Fields[] | null, more: Fields = {}): Fields {
  return { apiVersion, kind: 'Role', metadata: { name }, rules, ...more }
}

export function binding(name: string, ref: string, subjects: readonly Fields[], kind = 'Role'): Fields {
  const roleRef = { kind, name: ref, apiGroup: 'rbac.authorization.k8s.io' }
  return { apiVersion, kind: 'RoleBinding', metadata: { name }, roleRef, subjects }
}

/** Path of roles or rolebindings in the space. */
export function rolesIn({ namespace }: Space, plural = 'roles', name?: string): string {
  const collection = `${rbac}/namespaces/${namespace}/${plural}`
  return name === undefined ? collection : `${collection}/${name}`
}

/** Binds a new Role of these rules to the subjects, and waits until the server knows. */
export async function grant(
  space: Space,
  name: string,
  rules: readonly Fields[],
  subjects: readonly Fields[],
): Promise<void> {
  await made(space, rolesIn(space), role(name, rules))
  await made(space, rolesIn(space, 'rolebindings'), binding(name, name, subjects))
  await settled(space, subjects[0])
}

/** The same with a ClusterRole, whose name is unique to the space; `remove` undoes it. */
export async function grantEverywhere(
  space: Space,
  name: string,
  rules: readonly Fields[],
  subjects: readonly Fields[],
): Promise<{ name: string; remove(): Promise<void> }> {
  const own = `${name}-${space.namespace}`
  const { remove } = await inCluster(space, role(own, rules), binding(own, own, subjects, 'ClusterRole'))
  await settled(space, subjects[0])
  return { name: own, remove }
}

/** Creates Roles and RoleBindings as ClusterRoles and ClusterRoleBindings. */
export async function inCluster(space: Space, ...objects: Fields[]): Promise<{ remove(): Promise<void> }> {
  const paths: string[] = []
  for (const object of objects) {
    const kind = `Cluster${textAt(object, 'kind')}`
    const collection = `${rbac}/${kind.toLowerCase()}s`
    await made(space, collection, { ...object, kind })
    paths.push(`${collection}/${textAt(object, 'metadata.name')}`)
  }
  return {
    async remove() {
      for (const path of paths) await space.call('DELETE', path)
    },
  }
}

async function made({ call }: Space, path: string, body: Fields): Promise<void> {
  expect(await call('POST', path, { body })).toMatchObject({ status: 201 })
}

/** Until the rules of what was just bound are known: they are those of a role that was made for one user. */
async function settled({ call, namespace }: Space, subject: Fields | undefined): Promise<void> {
  const { kind, name, namespace: home = namespace } = subject ?? {}
  const who = {
    User: as(String(name)),
    Group: as('someone', String(name)),
    ServiceAccount: as(`system:serviceaccount:${String(home)}:${String(name)}`),
  }[String(kind)]
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  }
  // What everyone who is authenticated may do are four rules.
  const rules = async (): Promise<number> => {
    const answer = await call('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      ...who,
      body,
    })
    const lists = ['resourceRules', 'nonResourceRules'].map((list) => at(answer.body, `status.${list}`))
    return lists.flat().length
  }
  await expect.poll(rules, lag).toBeGreaterThan(4)
}

/** A new ServiceAccount and a token of it. */
export async function account(
  space: Space,
  name: string,
  spec: Fields = {},
): Promise<{ token: string; username: string }> {
  await space.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } })
  const answer = await requestToken(space, name, spec)
  expect(answer).toMatchObject({ status: 201 })
  return {
    token: textAt(answer.body, 'status.token'),
    username: `system:serviceaccount:${space.namespace}:${name}`,
  }
}

export function requestToken({ call, path }: Space, name: string, spec: Fields): Promise<Answer> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec }
  return call('POST', `${path('serviceaccounts', name)}/token`, { body })
}

/** What a token says. */
export function claimsOf(token: string): Fields {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Fields
}

/** Who the server takes the request for. */
export async function whoIs({ call }: Space, options: Omit<CallOptions, 'body'>): Promise<unknown> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const answer = await call('POST', whoPath, { ...options, body })
  expect(answer).toMatchObject({ status: 201 })
  return at(answer.body, 'status.userInfo')
}

/** Status of a SelfSubjectAccessReview. */
export async function canI(space: Space, spec: Fields, options: Omit<CallOptions, 'body'>): Promise<unknown> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }
  const answer = await space.call('POST', selfReviewPath, { ...options, body })
  expect(answer).toMatchObject({ status: 201 })
  return at(answer.body, 'status')
}

/** Code and message of an answer. */
export function refusal({ status, body }: Answer): string {
  return `${status} ${textAt(body, 'message')}`
}
