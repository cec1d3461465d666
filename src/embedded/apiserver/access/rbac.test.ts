import { beforeEach, describe, expect, test } from 'vitest'

import type { ApiObject } from '../object.ts'
import { Store } from '../store.ts'
import { Rbac, rbacGroup, type Decision } from './rbac.ts'
import type { User } from './user.ts'

const apiVersion = `${rbacGroup}/v1`

let store: Store
let rbac: Rbac
beforeEach(() => {
  store = new Store({ freeze: true })
  rbac = new Rbac(store)
})

function put(kind: string, name: string, namespace: string | undefined, fields: object): ApiObject {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) }
  return store
    .collection(`${kind.toLowerCase()}s.${rbacGroup}`)
    .put({ apiVersion, kind, metadata, ...fields })
}

function bind(name: string, namespace: string | undefined, role: string, ...subjects: object[]): ApiObject {
  const [kind = '', ref = ''] = role.split(' ')
  const roleRef = { apiGroup: rbacGroup, kind, name: ref }
  return put(namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding', name, namespace, {
    roleRef,
    subjects,
  })
}

const rules = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]
const jane: User = { username: 'jane', groups: ['devs', 'system:authenticated'] }
const user = { kind: 'User', name: 'jane' }
const group = { kind: 'Group', name: 'devs' }

function may(who: User, namespace = 'ns'): Decision {
  return rbac.authorize(who, {
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: '',
    name: '',
    namespace,
  })
}

describe('bindings', () => {
  test('behavior: a RoleBinding counts in its namespace, a ClusterRoleBinding everywhere', () => {
    put('ClusterRole', 'r', undefined, { rules })
    bind('b', 'ns', 'ClusterRole r', user)
    expect([may(jane).allowed, may(jane, 'other').allowed, may(jane, '').allowed]).toEqual([
      true,
      false,
      false,
    ])
    bind('c', undefined, 'ClusterRole r', user)
    expect([may(jane, 'other').allowed, may(jane, '').allowed]).toEqual([true, true])
    expect(may(jane).reason).toBe('RBAC: allowed by ClusterRoleBinding "c" of ClusterRole "r" to User "jane"')
  })

  test('behavior: a Role is looked for in the namespace of its binding', () => {
    put('Role', 'r', 'ns', { rules })
    bind('b', 'other', 'Role r', user)
    expect(may(jane, 'other')).toEqual({
      allowed: false,
      reason: `RBAC: role.${rbacGroup} "r" not found`,
    })
  })

  test('behavior: the first of several subjects that apply is named', () => {
    put('Role', 'r', 'ns', { rules })
    bind('b', 'ns', 'Role r', { kind: 'User', name: 'joan' }, group, user, group)
    expect(may(jane).reason).toBe('RBAC: allowed by RoleBinding "b/ns" of Role "r" to Group "devs"')
  })

  test('behavior: what is written later counts at once, and what is taken away no longer', () => {
    expect(may(jane).allowed).toBe(false)
    const binding = bind('b', 'ns', 'Role r', user)
    expect(may(jane).allowed).toBe(false)
    put('Role', 'r', 'ns', { rules })
    expect(may(jane).allowed).toBe(true)
    bind('b', 'ns', 'Role r', { kind: 'User', name: 'joan' })
    expect(may(jane).allowed).toBe(false)
    bind('b', 'ns', 'Role r', group)
    expect(may(jane).allowed).toBe(true)
    put('Role', 'r', 'ns', { rules: null })
    expect(may(jane).allowed).toBe(false)
    put('Role', 'r', 'ns', { rules })
    store.collection(`rolebindings.${rbacGroup}`).remove(binding)
    expect(may(jane)).toEqual({ allowed: false, reason: '' })
  })

  test('behavior: bindings that were there before count too', () => {
    put('Role', 'r', 'ns', { rules })
    bind('b', 'ns', 'Role r', user)
    rbac = new Rbac(store)
    expect(may(jane).allowed).toBe(true)
  })
})

describe('subjects', () => {
  const account: User = { username: 'system:serviceaccount:ns:runner', groups: ['system:serviceaccounts'] }
  const rows: [title: string, namespace: string | undefined, subject: object, allowed: boolean][] = [
    ['of its namespace', 'ns', { kind: 'ServiceAccount', name: 'runner', namespace: 'ns' }, true],
    ['of another namespace', 'ns', { kind: 'ServiceAccount', name: 'runner', namespace: 'other' }, false],
    ['without a namespace', 'ns', { kind: 'ServiceAccount', name: 'runner' }, true],
    ['without a namespace, for the cluster', undefined, { kind: 'ServiceAccount', name: 'runner' }, false],
    ['by its user name', 'ns', { kind: 'User', name: 'system:serviceaccount:ns:runner' }, true],
    ['by its group', undefined, { kind: 'Group', name: 'system:serviceaccounts' }, true],
    ['by the name of a user', 'ns', { kind: 'User', name: 'runner' }, false],
  ]
  test.each(rows)('behavior: an account is meant %s: %#', (_title, namespace, subject, allowed) => {
    put('ClusterRole', 'r', undefined, { rules })
    bind('b', namespace, 'ClusterRole r', subject)
    expect(may(account).allowed).toBe(allowed)
  })
})

test('default: masters may do everything, whatever the roles say', () => {
  const master: User = { username: 'x', groups: ['system:masters'] }
  expect(may(master)).toEqual({ allowed: true, reason: '' })
  expect(rbac.authorize(master, { verb: 'get', path: '/x' })).toEqual({ allowed: true, reason: '' })
  expect(rbac.rulesFor(master, 'ns')).toEqual({ rules: [], error: '' })
})

test('error: every role that is missing is told, once', () => {
  for (const name of ['b', 'c']) bind(name, 'ns', 'Role gone', user)
  expect(may(jane).reason).toBe(`RBAC: role.${rbacGroup} "gone" not found`)
  bind('d', undefined, 'ClusterRole gone', user)
  const both = `[clusterrole.${rbacGroup} "gone" not found, role.${rbacGroup} "gone" not found]`
  expect(may(jane).reason).toBe(`RBAC: ${both}`)
  expect(rbac.rulesFor(jane, 'ns')).toEqual({ rules: [], error: both })
})
