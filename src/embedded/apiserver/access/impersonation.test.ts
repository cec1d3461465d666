import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

import { beforeEach, describe, expect, test } from 'vitest'

import { parseRequest, type ApiRequest } from '../http/request.ts'
import { Store } from '../store.ts'
import { Impersonation } from './impersonation.ts'
import { Rbac, rbacGroup } from './rbac.ts'
import { administrator, type User } from './user.ts'

let store: Store
let impersonation: Impersonation
beforeEach(() => {
  store = new Store()
  impersonation = new Impersonation(new Rbac(store))
})

const authentication = 'authentication.k8s.io'
const agent: User = {
  username: 'system:serviceaccount:ns:agent',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
  extra: { 'authentication.kubernetes.io/node-name': ['here'] },
}

/** A GET of the pods of a namespace with these headers, `impersonate-` left out. */
function request(headers: Readonly<Record<string, string | readonly string[]>>): ApiRequest {
  const raw = new IncomingMessage(new Socket())
  Object.assign(raw, { method: 'GET', url: '/api/v1/namespaces/ns/pods' })
  const all = Object.entries(headers).map(([name, value]) => [`impersonate-${name}`, [value].flat()] as const)
  Object.assign(raw, {
    headers: Object.fromEntries(all.map(([name, values]) => [name, values.join(', ')])),
    headersDistinct: Object.fromEntries(all),
  })
  return parseRequest(raw, new ServerResponse(raw))
}

/** Lets the agent do these: `verb group resource [name]`, `core` being the core group. */
function allow(...rights: string[]): void {
  const rules = rights.map((right) => {
    const [verb = '', group = '', resource = '', name] = right.split(' ')
    const resourceNames = name === undefined ? {} : { resourceNames: [name] }
    return {
      verbs: [verb],
      apiGroups: [group === 'core' ? '' : group],
      resources: [resource],
      ...resourceNames,
    }
  })
  const apiVersion = `${rbacGroup}/v1`
  const metadata = { name: 'agent' }
  store
    .collection(`clusterroles.${rbacGroup}`)
    .put({ apiVersion, kind: 'ClusterRole', metadata: { ...metadata }, rules })
  store.collection(`clusterrolebindings.${rbacGroup}`).put({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { kind: 'ClusterRole', name: 'agent' },
    subjects: [{ kind: 'User', name: agent.username }],
  })
}

function refusal(headers: Readonly<Record<string, string | readonly string[]>>): string {
  try {
    return JSON.stringify(impersonation.resolve(request(headers), agent))
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

describe('an administrator', () => {
  const rows: [headers: Record<string, string | string[]>, user: User][] = [
    [{ user: 'jane' }, { username: 'jane', groups: ['system:authenticated'] }],
    [
      { user: 'jane', group: ['a', 'b'] },
      { username: 'jane', groups: ['a', 'b', 'system:authenticated'] },
    ],
    [
      { user: 'jane', group: 'system:masters' },
      { username: 'jane', groups: ['system:masters', 'system:authenticated'] },
    ],
    [
      { user: 'jane', group: 'system:unauthenticated' },
      { username: 'jane', groups: ['system:unauthenticated'] },
    ],
    [{ user: 'system:anonymous' }, { username: 'system:anonymous', groups: ['system:unauthenticated'] }],
    [
      { user: 'system:node:x' },
      { username: 'system:node:x', groups: ['system:nodes', 'system:authenticated'] },
    ],
    [{ user: 'jos\u00c3\u00a9' }, { username: 'josé', groups: ['system:authenticated'] }],
  ]
  test.each(rows)('behavior: speaks for %o', (headers, user) => {
    expect(impersonation.resolve(request(headers), administrator)).toEqual(user)
  })

  test('default: speaks for himself', () => {
    expect(impersonation.resolve(request({}), administrator)).toBe(administrator)
  })
})

describe('an account', () => {
  test('behavior: may speak for its own node where that is allowed', () => {
    allow(
      'impersonate-on:associated-node:list core pods',
      `impersonate:associated-node ${authentication} nodes`,
    )
    expect(refusal({ user: 'system:node:here' })).toContain(
      '"groups":["system:nodes","system:authenticated"]',
    )
    expect(refusal({ user: 'system:node:there' })).toMatch(
      /cannot impersonate resource "users"|arbitrary-node:list/,
    )
  })

  test('error: may speak for a user for what it may do as him, and as whom it may', () => {
    const on = 'impersonate-on:user-info:list core pods'
    expect(refusal({ user: 'bob' })).toContain('cannot impersonate-on:user-info:list resource "pods"')
    allow(on)
    expect(refusal({ user: 'bob' })).toBe(
      `users.${authentication} "bob" is forbidden: User "${agent.username}" cannot impersonate:user-info resource "users" in API group "${authentication}" at the cluster scope`,
    )
    const bob = `impersonate:user-info ${authentication} users bob`
    allow(on, bob)
    expect(refusal({ user: 'bob' })).toContain('"username":"bob"')
    expect(refusal({ user: 'bob', group: 'g' })).toContain(`groups.${authentication} "g" is forbidden`)
    allow(on, bob, `impersonate:user-info ${authentication} groups`)
    expect(refusal({ user: 'bob', group: ['a', 'b', 'c', 'd'] })).toContain('"groups":["a","b","c","d"')
    expect(refusal({ user: 'bob', group: 'system:masters' })).toContain(
      'impersonating the system:masters group is not allowed',
    )
    expect(refusal({ user: 'bob', group: '' })).toContain(
      'impersonating the empty string group is not allowed',
    )
  })

  test('behavior: may speak for a user the old way, whatever it then does', () => {
    allow('impersonate core users bob', 'impersonate core groups g')
    expect(refusal({ user: 'bob', group: 'g' })).toContain('"groups":["g","system:authenticated"]')
    // From then on that way is asked first.
    expect(refusal({ user: 'jim' })).toContain('users "jim" is forbidden')
  })
})
