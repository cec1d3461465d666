import { expect } from 'vitest'

import {
  account,
  as,
  binding,
  canI,
  grant,
  grantEverywhere,
  lag,
  refusal,
  rolesIn,
  rule,
  selfReviewPath,
  user,
} from '../../helpers/conformance-access.ts'
import { at, configMap, type ConformanceCase } from '../../helpers/conformance-case.ts'

const authorization = '/apis/authorization.k8s.io/v1'

/** Who may what: roles and bindings, the words of a refusal, the reviews. */
export const authorizationCases: readonly ConformanceCase[] = [
  {
    number: 83,
    kind: 'error',
    title: 'a refusal says who may not do what to which resource, and where',
    async run({ call, path, namespace }) {
      const here = `in the namespace "${namespace}"`
      const scope = 'at the cluster scope'
      const pods = path('pods')
      const rows: [
        method: string,
        path: string,
        subject: string,
        verb: string,
        what: string,
        where: string,
      ][] = [
        ['GET', pods, 'pods', 'list', '"pods" in API group ""', here],
        ['GET', `${pods}?watch=true`, 'pods', 'watch', '"pods" in API group ""', here],
        ['GET', `${pods}?watch=false`, 'pods', 'list', '"pods" in API group ""', here],
        ['GET', '/api/v1/pods', 'pods', 'list', '"pods" in API group ""', scope],
        ['GET', '/api/v1/watch/pods', 'pods', 'watch', '"pods" in API group ""', scope],
        ['GET', `${pods}/a`, 'pods "a"', 'get', '"pods" in API group ""', here],
        [
          'GET',
          `${pods}?fieldSelector=metadata.name%3Da`,
          'pods "a"',
          'list',
          '"pods" in API group ""',
          here,
        ],
        ['GET', `${pods}/a/log`, 'pods "a"', 'get', '"pods/log" in API group ""', here],
        ['POST', pods, 'pods', 'create', '"pods" in API group ""', here],
        ['PUT', `${pods}/a`, 'pods "a"', 'update', '"pods" in API group ""', here],
        ['PATCH', `${pods}/a`, 'pods "a"', 'patch', '"pods" in API group ""', here],
        ['DELETE', `${pods}/a`, 'pods "a"', 'delete', '"pods" in API group ""', here],
        ['DELETE', pods, 'pods', 'deletecollection', '"pods" in API group ""', here],
        ['OPTIONS', pods, 'pods', '', '"pods" in API group ""', here],
        [
          'GET',
          `${path('statefulsets', 'x')}/scale`,
          'statefulsets.apps "x"',
          'get',
          '"statefulsets/scale" in API group "apps"',
          here,
        ],
        ['GET', '/api/v1/nodes/x', 'nodes "x"', 'get', '"nodes" in API group ""', scope],
        ['GET', '/api/v1/namespaces', 'namespaces', 'list', '"namespaces" in API group ""', scope],
        [
          'GET',
          '/api/v1/namespaces/x',
          'namespaces "x"',
          'get',
          '"namespaces" in API group ""',
          'in the namespace "x"',
        ],
        [
          'GET',
          '/api/v1/namespaces/x/status',
          'namespaces "x"',
          'get',
          '"namespaces/status" in API group ""',
          'in the namespace "x"',
        ],
        [
          'GET',
          '/apis/nope.dev/v1/namespaces/q/things/x/sub',
          'things.nope.dev "x"',
          'get',
          '"things/sub" in API group "nope.dev"',
          'in the namespace "q"',
        ],
      ]
      for (const [method, wanted, subject, verb, what, where] of rows) {
        expect(refusal(await call(method, wanted, as('jane'))), `${method} ${wanted}`).toBe(
          `403 ${subject} is forbidden: User "jane" cannot ${verb} resource ${what} ${where}`,
        )
      }
      expect(refusal(await call('GET', '/metrics', as('jane')))).toBe(
        '403 forbidden: User "jane" cannot get path "/metrics"',
      )
      expect(refusal(await call('GET', pods, as('<a> & "b"')))).toBe(
        `403 pods is forbidden: User "&lt;a&gt; &amp; \\"b\\"" cannot list resource "pods" in API group "" ${here}`,
      )
    },
  },
  {
    number: 84,
    kind: 'error',
    title: 'a refusal is a Status with the details of what was asked for',
    async run({ call, path }) {
      expect(await call('GET', `${path('statefulsets', 'x')}/scale`, as('jane'))).toMatchObject({
        status: 403,
        headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
        body: {
          kind: 'Status',
          status: 'Failure',
          reason: 'Forbidden',
          details: { name: 'x', group: 'apps', kind: 'statefulsets' },
          code: 403,
        },
      })
    },
  },
  {
    number: 85,
    kind: 'behavior',
    title:
      'who may not is told before the body is read, and before it is known whether there is such a thing',
    async run({ call, path }) {
      const odd = { ...as('jane'), body: 'no JSON at all', type: 'application/odd' }
      expect(await call('POST', path('pods'), odd)).toMatchObject({ status: 403 })
      expect(await call('GET', '/apis/nope.dev/v1/things', as('jane'))).toMatchObject({ status: 403 })
      expect(await call('GET', '/apis/nope.dev/v1/things')).toMatchObject({ status: 404 })
      expect(await call('GET', path('pods', 'none'), as('jane'))).toMatchObject({ status: 403 })
      // Discovery is for everyone who is known, also of what is not there.
      expect(await call('GET', '/apis/nope.dev/v1', as('jane'))).toMatchObject({ status: 404 })
      expect(await call('GET', '/api', as('jane'))).toMatchObject({ status: 200 })
    },
  },
  {
    number: 86,
    kind: 'behavior',
    title: 'a Role gives its verbs on its resources, in its namespace alone',
    async run(space) {
      const { call, path } = space
      await grant(space, 'reader', [rule('get list create', 'configmaps')], [user('jane')])
      const options = as('jane')
      const body = configMap('a', { k: 'v' })
      expect(await call('POST', path('configmaps'), { ...options, body })).toMatchObject({ status: 201 })
      expect(await call('GET', path('configmaps', 'a'), options)).toMatchObject({ status: 200 })
      expect(await call('GET', path('configmaps'), options)).toMatchObject({ status: 200 })
      expect(await call('DELETE', path('configmaps', 'a'), options)).toMatchObject({ status: 403 })
      expect(await call('GET', `${path('configmaps')}?watch=1`, options)).toMatchObject({ status: 403 })
      expect(await call('GET', path('secrets'), options)).toMatchObject({ status: 403 })
      expect(await call('GET', '/api/v1/configmaps', options)).toMatchObject({ status: 403 })
      expect(await call('GET', '/api/v1/namespaces/default/configmaps', options)).toMatchObject({
        status: 403,
      })
      expect(await call('GET', path('configmaps'), as('joan'))).toMatchObject({ status: 403 })
      await call('DELETE', rolesIn(space, 'rolebindings', 'reader'))
      const status = async (): Promise<number> => (await call('GET', path('configmaps'), options)).status
      await expect.poll(status, lag).toBe(403)
    },
  },
  {
    number: 87,
    kind: 'behavior',
    title: 'rules for names let in who names them: also in a list or a watch, but in no creation',
    async run(space) {
      const { call, path } = space
      const named = { resourceNames: ['a', 'b'] }
      await grant(space, 'named', [rule('get list watch create delete', 'configmaps', named)], [user('jane')])
      await space.create('configmaps', configMap('a'))
      const status = async (method: string, at: string, body?: object): Promise<number> =>
        (await call(method, at, { ...as('jane'), ...(body === undefined ? {} : { body }) })).status
      expect(await status('GET', path('configmaps', 'a'))).toBe(200)
      expect(await status('GET', path('configmaps', 'c'))).toBe(403)
      expect(await status('GET', path('configmaps'))).toBe(403)
      expect(await status('GET', `${path('configmaps')}?fieldSelector=metadata.name%3Da`)).toBe(200)
      expect(await status('GET', `${path('configmaps')}?fieldSelector=metadata.name!%3Da`)).toBe(403)
      expect(
        await status('GET', `${path('configmaps')}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dc`),
      ).toBe(403)
      expect(await status('POST', path('configmaps'), configMap('b'))).toBe(403)
      expect(await status('DELETE', path('configmaps'))).toBe(403)
      expect(await status('DELETE', path('configmaps', 'a'))).toBe(200)
    },
  },
  {
    number: 88,
    kind: 'behavior',
    title: 'subresources are resources of their own; a star stands for all',
    async run(space) {
      const { namespace } = space
      const rules = [
        rule('get', 'pods/log'),
        rule('*', '*/scale', { apiGroups: ['apps'] }),
        rule('get', '*', { apiGroups: ['batch'] }),
        rule('delete', 'leases', { apiGroups: ['*'] }),
      ]
      await grant(space, 'stars', rules, [user('jane')])
      const may = async (
        verb: string,
        group: string,
        resource: string,
        subresource = '',
      ): Promise<unknown> => {
        const resourceAttributes = { namespace, verb, group, resource, subresource }
        return at(await canI(space, { resourceAttributes }, as('jane')), 'allowed')
      }
      expect(await may('get', '', 'pods', 'log')).toBe(true)
      expect(await may('get', '', 'pods')).toBe(false)
      expect(await may('get', '', 'pods', 'exec')).toBe(false)
      expect(await may('patch', 'apps', 'statefulsets', 'scale')).toBe(true)
      expect(await may('patch', 'apps', 'statefulsets')).toBe(false)
      expect(await may('patch', 'apps', 'statefulsets', 'status')).toBe(false)
      expect(await may('get', 'batch', 'jobs', 'status')).toBe(true)
      expect(await may('get', 'batch', 'anything')).toBe(true)
      expect(await may('list', 'batch', 'jobs')).toBe(false)
      expect(await may('delete', 'coordination.k8s.io', 'leases')).toBe(true)
      expect(await may('*', 'apps', 'statefulsets', 'scale')).toBe(true)
      expect(await may('*', 'batch', 'jobs')).toBe(false)
    },
  },
  {
    number: 89,
    kind: 'behavior',
    title: 'a ClusterRole gives paths too, with a star at their end, and resources everywhere',
    async run(space) {
      const rules = [
        { nonResourceURLs: ['/paths/*', '/path', '/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      ]
      const { name, remove } = await grantEverywhere(space, 'urls', rules, [user('jane')])
      const reason = `RBAC: allowed by ClusterRoleBinding "${name}" of ClusterRole "${name}" to User "jane"`
      const may = (path: string, verb = 'get'): Promise<unknown> =>
        canI(space, { nonResourceAttributes: { path, verb } }, as('jane'))
      expect(await may('/paths/x/y')).toEqual({ allowed: true, reason })
      expect(await may('/paths')).toEqual({ allowed: false })
      expect(await may('/path')).toEqual({ allowed: true, reason })
      expect(await may('/path/')).toEqual({ allowed: false })
      expect(await may('/path', 'post')).toEqual({ allowed: false })
      expect(await space.call('GET', '/metrics', as('jane'))).toMatchObject({ status: 200 })
      expect(await space.call('GET', '/api/v1/nodes', as('jane'))).toMatchObject({ status: 200 })
      await remove()
    },
  },
  {
    number: 90,
    kind: 'behavior',
    title: 'a binding is for users, groups and accounts, and a review says which of them it was',
    async run(space) {
      const { namespace } = space
      const { token } = await account(space, 'runner')
      const subjects = [
        user('jane'),
        { kind: 'Group', name: 'devs', apiGroup: 'rbac.authorization.k8s.io' },
        { kind: 'ServiceAccount', name: 'runner', namespace },
        { kind: 'ServiceAccount', name: 'local' },
      ]
      await grant(space, 'reader', [rule('list', 'pods')], subjects)
      const asked = { resourceAttributes: { namespace, verb: 'list', resource: 'pods' } }
      const by = (subject: string): object => ({
        allowed: true,
        reason: `RBAC: allowed by RoleBinding "reader/${namespace}" of Role "reader" to ${subject}`,
      })
      expect(await canI(space, asked, as('jane'))).toEqual(by('User "jane"'))
      expect(await canI(space, asked, as('jane', 'devs'))).toEqual(by('User "jane"'))
      expect(await canI(space, asked, as('joan', 'devs'))).toEqual(by('Group "devs"'))
      expect(await canI(space, asked, { token })).toEqual(by(`ServiceAccount "runner/${namespace}"`))
      expect(await canI(space, asked, as(`system:serviceaccount:${namespace}:local`))).toEqual(
        by(`ServiceAccount "local/${namespace}"`),
      )
      expect(await canI(space, asked, as(`system:serviceaccount:default:local`))).toEqual({ allowed: false })
      expect(await canI(space, asked, {})).toEqual({ allowed: true })
      expect(await space.call('GET', space.path('pods'), { token })).toMatchObject({ status: 200 })
    },
  },
  {
    number: 91,
    kind: 'error',
    title: 'a binding to a role that is missing gives nothing, and the refusal says so',
    async run(space) {
      const { call, path, namespace } = space
      const body = binding('dangling', 'gone', [user('kim')])
      await call('POST', rolesIn(space, 'rolebindings'), { body })
      const text = async (): Promise<string> => refusal(await call('GET', path('pods'), as('kim')))
      const missing = 'RBAC: role.rbac.authorization.k8s.io "gone" not found'
      await expect
        .poll(text, lag)
        .toBe(
          `403 pods is forbidden: User "kim" cannot list resource "pods" in API group "" in the namespace "${namespace}": ${missing}`,
        )
      const asked = { resourceAttributes: { namespace, verb: 'list', resource: 'pods' } }
      expect(await canI(space, asked, as('kim'))).toEqual({ allowed: false, reason: missing })
    },
  },
  {
    number: 92,
    kind: 'behavior',
    title: 'access of others is reviewed by user and groups, in a namespace by the local kind',
    async run(space) {
      const { call, namespace } = space
      await grant(space, 'reader', [rule('list', 'pods')], [user('jane')])
      const resourceAttributes = { namespace, verb: 'list', resource: 'pods' }
      const ask = async (kind: string, spec: object, local: boolean, metadata?: object): Promise<unknown> => {
        const at = local ? `${authorization}/namespaces/${namespace}` : authorization
        const body = { apiVersion: 'authorization.k8s.io/v1', kind, metadata, spec }
        return (await call('POST', `${at}/${kind.toLowerCase()}s`, { body })).body
      }
      const reason = `RBAC: allowed by RoleBinding "reader/${namespace}" of Role "reader" to User "jane"`
      const allowed = { status: { allowed: true, reason } }
      const global = 'SubjectAccessReview'
      const local = 'LocalSubjectAccessReview'
      const jane = { user: 'jane', resourceAttributes }
      expect(await ask(global, jane, false)).toMatchObject({ kind: global, spec: jane, ...allowed })
      expect(await ask(local, jane, true)).toMatchObject({ metadata: { namespace }, ...allowed })
      expect(await ask(global, { ...jane, user: 'joan' }, false)).toMatchObject({
        status: { allowed: false },
      })
      expect(await ask(global, { groups: ['system:masters'], resourceAttributes }, false)).toMatchObject({
        status: { allowed: true },
      })
      const invalid = (what: string): object => ({
        code: 422,
        message: `.authorization.k8s.io "" is invalid: ${what}`,
      })
      const none =
        'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified'
      const nobody = 'spec.user: Invalid value: "": at least one of user or group must be specified'
      expect(await ask(global, {}, false)).toMatchObject(invalid(`[${none}, ${nobody}]`))
      expect(await ask(global, { resourceAttributes }, false)).toMatchObject(invalid(nobody))
      const elsewhere = { ...resourceAttributes, namespace: 'o' }
      expect(await ask(local, { ...jane, resourceAttributes: elsewhere }, true)).toMatchObject(
        invalid('spec.resourceAttributes.namespace: Invalid value: "o": must match metadata.namespace'),
      )
      const path = { path: '/', verb: 'get' }
      expect(await ask(local, { user: 'jane', nonResourceAttributes: path }, true)).toMatchObject(
        invalid(
          'spec.nonResourceAttributes: Invalid value: {"Path":"/","Verb":"get"}: disallowed on this kind of request',
        ),
      )
    },
  },
  {
    number: 93,
    kind: 'behavior',
    title: 'a rules review lists everything that one may',
    async run(space) {
      const { call, namespace } = space
      const named = { resourceNames: ['a'] }
      await grant(space, 'reader', [rule('get', 'pods'), rule('get', 'secrets', named)], [user('jane')])
      const path = `${authorization}/selfsubjectrulesreviews`
      const ask = (spec: object): ReturnType<typeof call> =>
        call('POST', path, {
          ...as('jane'),
          body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec },
        })
      const { body } = await ask({ namespace })
      expect(at(body, 'status.incomplete')).toBe(false)
      expect(at(body, 'status.resourceRules')).toEqual(
        expect.arrayContaining([
          { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
          { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] },
          {
            verbs: ['create'],
            apiGroups: ['authorization.k8s.io'],
            resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
          },
        ]),
      )
      expect(at(body, 'status.nonResourceRules')).toContainEqual({
        verbs: ['get'],
        nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
      })
      expect(refusal(await ask({}))).toBe('400 no namespace on request')
    },
  },
  {
    number: 94,
    kind: 'error',
    title: 'reviews are rights of their own, and take nothing but a POST',
    async run({ call, namespace }) {
      const spec = { resourceAttributes: { namespace, verb: 'get', resource: 'pods' } }
      expect(await call('POST', `${authorization}/subjectaccessreviews`, as('jane'))).toMatchObject({
        status: 403,
        body: {
          message:
            'subjectaccessreviews.authorization.k8s.io is forbidden: User "jane" cannot create resource "subjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
        },
      })
      expect(await call('POST', selfReviewPath, { token: false, body: { spec } })).toMatchObject({
        status: 403,
      })
      expect(refusal(await call('GET', selfReviewPath))).toBe(
        '405 the server does not allow this method on the requested resource',
      )
      expect(refusal(await call('GET', `${selfReviewPath}/x`))).toBe(
        '404 the server could not find the requested resource',
      )
      expect(refusal(await call('POST', selfReviewPath, { body: { spec: {} } }))).toBe(
        '422 .authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      )
      const unknown = {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { ...spec, a: 1 },
        },
      }
      expect(refusal(await call('POST', `${selfReviewPath}?fieldValidation=Strict`, unknown))).toBe(
        '400 SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview: strict decoding error: unknown field "spec.a"',
      )
    },
  },
]
