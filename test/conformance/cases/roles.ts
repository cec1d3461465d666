import { expect } from 'vitest'

import {
  as,
  binding,
  canI,
  grant,
  grantEverywhere,
  inCluster,
  lag,
  rbac,
  refusal,
  role,
  rolesIn,
  rule,
  user,
} from '../../helpers/conformance-access.ts'
import { at, configMap, textAt, type ConformanceCase, type Space } from '../../helpers/conformance-case.ts'

const group = 'rbac.authorization.k8s.io'
const merge = 'application/merge-patch+json'
const granting = (who: string): string =>
  `user "${who}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:`

/** Lets `ann` write roles and bindings, and get pods. */
async function roleAdmin(space: Space): Promise<void> {
  const manage = rule('get create update patch', 'roles rolebindings', { apiGroups: [group] })
  await grant(space, 'admin', [manage, rule('get', 'pods')], [user('ann')])
}

/** Roles and bindings themselves: who may hand out what, and what they must look like. */
export const roleCases: readonly ConformanceCase[] = [
  {
    number: 95,
    kind: 'error',
    title: 'nobody writes a role beyond his own rights, unless he may escalate',
    async run(space) {
      const { call } = space
      await roleAdmin(space)
      const post = async (object: object): Promise<string> =>
        refusal(await call('POST', rolesIn(space), { ...as('ann'), body: object }))
      expect(await post(role('ok', [rule('get', 'pods')]))).toMatch(/^201/)
      const sets = rule('get', 'statefulsets', { apiGroups: ['apps'], resourceNames: ['x', 'y'] })
      expect(await post(role('more', [rule('get list delete', 'pods secrets'), sets]))).toBe(
        [
          `403 roles.${group} "more" is forbidden: ${granting('ann')}`,
          '{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}',
          '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "delete"]}',
          '{APIGroups:["apps"], Resources:["statefulsets"], ResourceNames:["x"], Verbs:["get"]}',
          '{APIGroups:["apps"], Resources:["statefulsets"], ResourceNames:["y"], Verbs:["get"]}',
        ].join('\n'),
      )
      // A rule that gives nothing is invalid, but no escalation.
      expect(await post(role('none', [rule('get', 'secrets', { verbs: [] })]))).toMatch(/^422/)
      const escalate = rule('escalate', 'roles', { apiGroups: [group], resourceNames: ['ok'] })
      await grant(space, 'escalator', [escalate, rule('get', 'events')], [user('ann')])
      const put = async (): Promise<number> =>
        (
          await call('PUT', rolesIn(space, 'roles', 'ok'), {
            ...as('ann'),
            body: role('ok', [rule('get', 'secrets')]),
          })
        ).status
      await expect.poll(put, lag).toBe(200)
    },
  },
  {
    number: 96,
    kind: 'error',
    title:
      'an update, a patch and an apply may not escalate either; what only a collector writes is let pass',
    async run(space) {
      const { call } = space
      await roleAdmin(space)
      await call('POST', rolesIn(space), { body: role('reader', [rule('list', 'secrets')]) })
      const secrets = '{APIGroups:[""], Resources:["secrets"], Verbs:["list"]}'
      const refused = `403 roles.${group} "reader" is forbidden: ${granting('ann')}\n${secrets}`
      const at = rolesIn(space, 'roles', 'reader')
      const put = {
        ...as('ann'),
        body: role('reader', [rule('list', 'secrets')], { metadata: { name: 'reader', labels: { a: 'b' } } }),
      }
      expect(refusal(await call('PUT', at, put))).toBe(refused)
      const patch = (metadata: object): ReturnType<typeof call> =>
        call('PATCH', at, { ...as('ann'), type: merge, body: { metadata } })
      expect(refusal(await patch({ labels: { a: 'b' } }))).toBe(refused)
      expect(await patch({ finalizers: ['test.dev/hold'] })).toMatchObject({ status: 200 })
      expect(await patch({ finalizers: null })).toMatchObject({ status: 200 })
      const applied = {
        ...as('ann'),
        type: 'application/apply-patch+yaml',
        body: role('applied', [rule('list', 'secrets')]),
      }
      expect(
        refusal(await call('PATCH', `${rolesIn(space, 'roles', 'applied')}?fieldManager=m`, applied)),
      ).toBe(refused.replace('"reader"', '"applied"'))
    },
  },
  {
    number: 97,
    kind: 'error',
    title: 'nobody binds a role beyond his own rights, unless he may bind it',
    async run(space) {
      const { call } = space
      await roleAdmin(space)
      await call('POST', rolesIn(space), { body: role('reader', [rule('list', 'secrets')]) })
      await call('POST', rolesIn(space), { body: role('same', [rule('get', 'pods')]) })
      const post = async (ref: string, kind?: string): Promise<string> =>
        refusal(
          await call('POST', rolesIn(space, 'rolebindings'), {
            ...as('ann'),
            body: binding(`to-${ref}`, ref, [user('eve')], kind),
          }),
        )
      const forbidden = (ref: string): string =>
        `403 rolebindings.${group} "to-${ref}" is forbidden: ${granting('ann')}`
      const secrets = '{APIGroups:[""], Resources:["secrets"], Verbs:["list"]}'
      await expect.poll(() => post('reader'), lag).toBe(`${forbidden('reader')}\n${secrets}`)
      expect(await post('cluster-admin', 'ClusterRole')).toBe(
        `${forbidden('cluster-admin')}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
      )
      expect(await post('missing')).toBe(`404 rolebindings.${group} "missing" not found`)
      await expect.poll(() => post('same'), lag).toMatch(/^201/)
      const bind = rule('bind', 'roles', { apiGroups: [group], resourceNames: ['reader'] })
      await grant(space, 'binder', [bind, rule('get', 'events')], [user('ann')])
      await expect.poll(() => post('reader'), lag).toMatch(/^201/)
    },
  },
  {
    number: 98,
    kind: 'error',
    title: 'ClusterRoles and their bindings are guarded too, paths and aggregation with them',
    async run(space) {
      const { call, namespace } = space
      const manage = rule('create', 'clusterroles clusterrolebindings', { apiGroups: [group] })
      const { remove } = await grantEverywhere(space, 'manage', [manage], [user('cid')])
      const post = async (object: Record<string, unknown>): Promise<string> => {
        const kind = `Cluster${textAt(object, 'kind')}`
        const body = { ...object, kind }
        return refusal(
          await call('POST', `${rbac}/${kind.toLowerCase()}s?dryRun=All`, { ...as('cid'), body }),
        )
      }
      const own = `own-${namespace}`
      expect(await post(role(own, [{ nonResourceURLs: ['/x'], verbs: ['get', 'put'] }]))).toBe(
        `403 clusterroles.${group} "${own}" is forbidden: ${granting('cid')}\n{NonResourceURLs:["/x"], Verbs:["get"]}\n{NonResourceURLs:["/x"], Verbs:["put"]}`,
      )
      const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { x: 'y' } }] }
      expect(await post(role(own, null, { aggregationRule }))).toBe(
        `403 clusterroles.${group} "${own}" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
      )
      expect(await post(binding(own, 'cluster-admin', [user('cid')], 'ClusterRole'))).toBe(
        `403 clusterrolebindings.${group} "${own}" is forbidden: ${granting('cid')}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
      )
      await remove()
    },
  },
  {
    number: 99,
    kind: 'behavior',
    title: 'a ClusterRole with an aggregation rule gathers the rules of those it selects',
    async run(space) {
      const { call, namespace } = space
      const label = `gather-${namespace}`
      const part = (name: string, rules: readonly Record<string, unknown>[]): Record<string, unknown> =>
        role(`${name}-${namespace}`, rules, {
          metadata: { name: `${name}-${namespace}`, labels: { [label]: 'yes' } },
        })
      const clusterRoleSelectors = [
        { matchLabels: { [label]: 'yes' } },
        { matchExpressions: [{ key: label, operator: 'In', values: ['yes', 'no'] }] },
      ]
      const whole = role(`whole-${namespace}`, null, { aggregationRule: { clusterRoleSelectors } })
      const { remove } = await inCluster(
        space,
        whole,
        part('b', [rule('get', 'pods'), rule('list', 'pods')]),
        part('a', [rule('list', 'pods'), rule('get', 'secrets')]),
      )
      const wholePath = `${rbac}/clusterroles/whole-${namespace}`
      const rules = async (): Promise<unknown> => at((await call('GET', wholePath)).body, 'rules')
      await expect
        .poll(rules, lag)
        .toEqual([rule('list', 'pods'), rule('get', 'secrets'), rule('get', 'pods')])
      const { body } = await call('GET', wholePath)
      expect(at(body, 'metadata.managedFields')).toContainEqual(
        expect.objectContaining({
          manager: 'clusterrole-aggregation-controller',
          operation: 'Apply',
          fieldsV1: { 'f:rules': {} },
        }),
      )
      await call('DELETE', `${rbac}/clusterroles/a-${namespace}`)
      await expect.poll(rules, lag).toEqual([rule('get', 'pods'), rule('list', 'pods')])
      await remove()
    },
  },
  {
    number: 100,
    kind: 'behavior',
    title: 'view, edit and admin are there, and grow by roles that are labelled for them',
    async run(space) {
      const { call, namespace } = space
      for (const name of ['view', 'edit', 'admin']) {
        const body = binding(name, name, [user(`${name}er`)], 'ClusterRole')
        await call('POST', rolesIn(space, 'rolebindings'), { body })
      }
      const may = async (who: string, verb: string, resource: string, of = ''): Promise<unknown> => {
        const resourceAttributes = { namespace, verb, resource, group: of }
        return at(await canI(space, { resourceAttributes }, as(`${who}er`)), 'allowed')
      }
      await expect.poll(() => may('admin', 'create', 'rolebindings', group), lag).toBe(true)
      await expect.poll(() => may('view', 'list', 'pods'), lag).toBe(true)
      expect(await may('view', 'get', 'secrets')).toBe(false)
      expect(await may('view', 'create', 'pods')).toBe(false)
      expect(await may('edit', 'create', 'pods')).toBe(true)
      expect(await may('edit', 'get', 'secrets')).toBe(true)
      expect(await may('edit', 'list', 'pods')).toBe(true)
      expect(await may('edit', 'create', 'rolebindings', group)).toBe(false)
      expect(await may('view', 'list', 'widgets', 'test.dev')).toBe(false)
      const name = `widgets-${namespace}`
      const labels = { [`${group}/aggregate-to-view`]: 'true' }
      const widgets = role(name, [rule('list', 'widgets', { apiGroups: ['test.dev'] })], {
        metadata: { name, labels },
      })
      const { remove } = await inCluster(space, widgets)
      for (const who of ['view', 'edit', 'admin'])
        await expect.poll(() => may(who, 'list', 'widgets', 'test.dev'), lag).toBe(true)
      await remove()
    },
  },
  {
    number: 101,
    kind: 'default',
    title: 'the roles that everyone is bound to are there before anyone comes',
    async run({ call }) {
      const rows = [
        ['cluster-admin', ['system:masters']],
        ['system:basic-user', ['system:authenticated']],
        ['system:discovery', ['system:authenticated']],
        ['system:monitoring', ['system:monitoring']],
        ['system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']],
      ] as const
      const metadata = {
        annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
        labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      }
      for (const [name, groups] of rows) {
        expect(await call('GET', `${rbac}/clusterroles/${name}`)).toMatchObject({
          status: 200,
          body: { metadata, rules: expect.any(Array) },
        })
        expect(await call('GET', `${rbac}/clusterrolebindings/${name}`)).toMatchObject({
          status: 200,
          body: {
            metadata,
            roleRef: { apiGroup: group, kind: 'ClusterRole', name },
            subjects: groups.map((of) => ({ apiGroup: group, kind: 'Group', name: of })),
          },
        })
      }
      expect(await call('GET', `${rbac}/clusterroles/system:auth-delegator`)).toMatchObject({ status: 200 })
    },
  },
  {
    number: 102,
    kind: 'error',
    title: 'roles and bindings must make sense, and a binding keeps its role',
    async run(space) {
      const { call } = space
      const post = async (object: Record<string, unknown>): Promise<string> => {
        const plural = `${textAt(object, 'kind').toLowerCase()}s`
        return refusal(await call('POST', rolesIn(space, plural), { body: object }))
      }
      const invalid = (kind: string, ...errors: string[]): string => {
        const list = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`
        return `422 ${kind}.${group} "v" is invalid: ${list ?? ''}`
      }
      expect(await post(role('v', [{ nonResourceURLs: ['/x'], verbs: ['get'] }]))).toBe(
        invalid(
          'Role',
          'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
        ),
      )
      expect(
        await post(
          role('v', [{ resources: ['p'], verbs: ['get'] }, rule('get', 'p', { resources: [], verbs: [] })]),
        ),
      ).toBe(
        invalid(
          'Role',
          'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
          'rules[1].verbs: Required value: verbs must contain at least one value',
          'rules[1].resources: Required value: resource rules must supply at least one resource',
        ),
      )
      const subjects = [
        { kind: 'User' },
        { kind: 'Foo', name: 'x' },
        { kind: 'Group', name: 'g', apiGroup: 'nope' },
      ]
      expect(await post(binding('v', 'a/b', subjects, 'Foo'))).toBe(
        invalid(
          'RoleBinding',
          'roleRef.kind: Unsupported value: "Foo": supported values: "Role", "ClusterRole"',
          'roleRef.name: Invalid value: "a/b": may not contain \'/\'',
          'subjects[0].name: Required value',
          'subjects[1].kind: Unsupported value: "Foo": supported values: "ServiceAccount", "User", "Group"',
          `subjects[2].apiGroup: Unsupported value: "nope": supported values: "${group}"`,
        ),
      )
      expect(await post({ ...binding('v', '', []), roleRef: undefined })).toBe(
        invalid(
          'RoleBinding',
          'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
          'roleRef.name: Required value',
        ),
      )
      expect(await post(binding('kept', 'one', [user('a')]))).toMatch(/^201/)
      const other = { body: binding('kept', 'two', [user('a')]) }
      expect(refusal(await call('PUT', rolesIn(space, 'rolebindings', 'kept'), other))).toBe(
        `422 RoleBinding.${group} "kept" is invalid: roleRef: Invalid value: {"APIGroup":"${group}","Kind":"Role","Name":"two"}: cannot change roleRef`,
      )
    },
  },
  {
    number: 103,
    kind: 'error',
    title: 'a PUT or an apply that creates takes the right to create',
    async run(space) {
      const { call, path, namespace } = space
      const rules = [
        rule('update', 'leases', { apiGroups: ['coordination.k8s.io'] }),
        rule('patch', 'configmaps'),
      ]
      await grant(space, 'updater', rules, [user('uma')])
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' } }
      expect(refusal(await call('PUT', path('leases', 'l'), { ...as('uma'), body: lease }))).toBe(
        `403 leases.coordination.k8s.io "l" is forbidden: User "uma" cannot create resource "leases" in API group "coordination.k8s.io" in the namespace "${namespace}"`,
      )
      const type = 'application/apply-patch+yaml'
      const apply = { ...as('uma'), type, body: configMap('m') }
      const at = `${path('configmaps', 'm')}?fieldManager=f`
      expect(refusal(await call('PATCH', at, apply))).toBe(
        `403 configmaps "m" is forbidden: User "uma" cannot create resource "configmaps" in API group "" in the namespace "${namespace}"`,
      )
      await space.create('configmaps', configMap('m'))
      expect(await call('PATCH', at, apply)).toMatchObject({ status: 200 })
    },
  },
]
