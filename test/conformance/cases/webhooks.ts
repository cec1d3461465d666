import { expect } from 'vitest'

import {
  at,
  configMap,
  secret,
  textAt,
  widget,
  type ConformanceCase,
} from '../../helpers/conformance-case.ts'
import { labelsOf, patching, refusalOf, withWebhooks } from '../../helpers/conformance-webhooks.ts'

const merge = 'application/merge-patch+json'
const apply = 'application/apply-patch+yaml'
const all = ['CREATE', 'UPDATE', 'DELETE']
const widgets = (resources: string[], operations = all): object[] => [
  { operations, apiGroups: ['test.dev'], apiVersions: ['*'], resources },
]
const configMaps = (operations: string[]): object[] => [
  { operations, apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] },
]
const group = '/apis/admissionregistration.k8s.io/v1'

/** Webhooks: when they are asked, what they see, and what their answers become. */
export const webhookCases: readonly ConformanceCase[] = [
  {
    number: 116,
    kind: 'default',
    title: 'a webhook configuration has its defaults, a generation and a table',
    async run(space) {
      const name = space.namespace
      const hook = {
        name: 'a.test.dev',
        clientConfig: { service: { name: 's', namespace: 'n' } },
        rules: [{ operations: ['CREATE'], apiGroups: ['x'], apiVersions: ['*'], resources: ['y'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      }
      const common = {
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 's', namespace: 'n', port: 443 } },
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        name: 'a.test.dev',
        namespaceSelector: {},
        objectSelector: {},
        rules: [
          { operations: ['CREATE'], apiGroups: ['x'], apiVersions: ['*'], resources: ['y'], scope: '*' },
        ],
        sideEffects: 'None',
        timeoutSeconds: 10,
      }
      const kinds = [
        ['MutatingWebhookConfiguration', { ...common, reinvocationPolicy: 'Never' }],
        ['ValidatingWebhookConfiguration', common],
      ] as const
      for (const [kind, expected] of kinds) {
        const path = `${group}/${kind.toLowerCase()}s`
        const body = {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind,
          metadata: { name },
          webhooks: [hook],
        }
        const created = await space.call('POST', path, { body })
        expect(created).toMatchObject({ status: 201, body: { metadata: { generation: 1 } } })
        expect(at(created.body, 'webhooks')).toEqual([expected])
        const patch = { webhooks: [{ ...hook, timeoutSeconds: 3 }] }
        const patched = await space.call('PATCH', `${path}/${name}`, { body: patch, type: merge })
        expect(patched.body).toMatchObject({ metadata: { generation: 2 }, webhooks: [{ timeoutSeconds: 3 }] })
        const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
        const table = await space.call('GET', `${path}/${name}`, { accept })
        expect(
          (at(table.body, 'columnDefinitions') as { name: string }[]).map((column) => column.name),
        ).toEqual(['Name', 'Webhooks', 'Age'])
        expect(at(table.body, 'rows.0.cells.1')).toBe(1)
        expect(await space.call('DELETE', `${path}/${name}`)).toMatchObject({ status: 200 })
      }
    },
  },
  {
    number: 117,
    kind: 'error',
    title: 'a webhook configuration that makes no sense is refused field by field',
    async run(space) {
      const refused = async (webhooks: object[]): Promise<string> => {
        const kind = 'MutatingWebhookConfiguration'
        const body = {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind,
          metadata: { name: space.namespace },
          webhooks,
        }
        return refusalOf(
          await space.call('POST', `${group}/mutatingwebhookconfigurations?dryRun=All`, { body }),
        )
      }
      const start = `422 Invalid: MutatingWebhookConfiguration.admissionregistration.k8s.io "${space.namespace}" is invalid: `
      const fine = {
        name: 'a.test.dev',
        clientConfig: { url: 'https://127.0.0.1/x' },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      }
      expect(await refused([{ name: 'a.b', clientConfig: {} }])).toBe(
        `${start}[webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots, ` +
          'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun, ' +
          'webhooks[0].clientConfig: Required value: exactly one of url or service is required, ' +
          'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1]',
      )
      const choices = {
        failurePolicy: 'x',
        matchPolicy: 'x',
        sideEffects: 'Some',
        reinvocationPolicy: 'x',
        timeoutSeconds: 31,
      }
      expect(await refused([{ ...fine, ...choices }])).toBe(
        `${start}[webhooks[0].failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore", ` +
          'webhooks[0].matchPolicy: Unsupported value: "x": supported values: "Equivalent", "Exact", ' +
          'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun", ' +
          'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds, ' +
          'webhooks[0].reinvocationPolicy: Unsupported value: "x": supported values: "IfNeeded", "Never"]',
      )
      expect(await refused([fine, { ...fine, clientConfig: { url: 'http://u:p@/x?y#z' } }])).toBe(
        `${start}[webhooks[1].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path], ` +
          'webhooks[1].clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path], ' +
          'webhooks[1].clientConfig.url: Invalid value: "u:p": user information is not permitted in the URL, ' +
          'webhooks[1].clientConfig.url: Invalid value: "z": fragments are not permitted in the URL, ' +
          'webhooks[1].clientConfig.url: Invalid value: "y": query parameters are not permitted in the URL, ' +
          'webhooks[1].name: Duplicate value: "a.test.dev"]',
      )
      const rule = {
        operations: ['CREATE', 'x'],
        apiGroups: ['*', 'a'],
        apiVersions: [],
        resources: ['a/*', 'a/b', '*', 'c'],
        scope: 'x',
      }
      expect(await refused([{ ...fine, rules: [rule], admissionReviewVersions: ['v2', 'v2'] }])).toBe(
        `${start}[webhooks[0].rules[0].operations[1]: Unsupported value: "x": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE", ` +
          'webhooks[0].rules[0].apiGroups: Invalid value: ["*","a"]: if \'*\' is present, must not specify other API groups, ' +
          'webhooks[0].rules[0].apiVersions: Required value, ' +
          'webhooks[0].rules[0].resources[1]: Invalid value: "a/b": if \'a/*\' is present, must not specify a/b, ' +
          'webhooks[0].rules[0].resources: Invalid value: ["a/*","a/b","*","c"]: if \'*\' is present, must not specify other resources without subresources, ' +
          'webhooks[0].rules[0].scope: Unsupported value: "x": supported values: "*", "Cluster", "Namespaced", ' +
          'webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version, ' +
          'webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1]',
      )
    },
  },
  {
    number: 118,
    kind: 'behavior',
    title: 'a webhook sees who writes what, and the object as it is to be',
    async run(space) {
      const { namespace } = space
      const both = { at: 'see', rules: configMaps(all) }
      await withWebhooks(space, { validating: [both] }, async ({ seen }) => {
        const path = space.path('configmaps', 'a')
        await space.call('POST', `${space.path('configmaps')}?fieldManager=me`, {
          body: configMap('a', { x: '1' }),
        })
        await space.call('PATCH', path, { body: { data: { x: '2' } }, type: merge })
        await space.call('DELETE', `${path}?propagationPolicy=Background`)
        const kind = { group: '', version: 'v1', kind: 'ConfigMap' }
        const resource = { group: '', version: 'v1', resource: 'configmaps' }
        const common = {
          kind,
          resource,
          requestKind: kind,
          requestResource: resource,
          name: 'a',
          namespace,
          dryRun: false,
        }
        const options = (of: string, more: object = {}): object => ({
          kind: `${of}Options`,
          apiVersion: 'meta.k8s.io/v1',
          ...more,
        })
        expect(seen('see').map(({ request }) => request)).toMatchObject([
          {
            ...common,
            operation: 'CREATE',
            options: options('Create', { fieldManager: 'me' }),
            object: {
              kind: 'ConfigMap',
              apiVersion: 'v1',
              metadata: { name: 'a', namespace },
              data: { x: '1' },
            },
            oldObject: null,
          },
          {
            ...common,
            operation: 'UPDATE',
            options: options('Update'),
            object: { data: { x: '2' } },
            oldObject: { data: { x: '1' } },
          },
          {
            ...common,
            operation: 'DELETE',
            options: options('Delete', { propagationPolicy: 'Background' }),
            object: null,
            oldObject: { data: { x: '2' } },
          },
        ])
        const [first] = seen('see')
        expect(first?.path).toBe('/see?timeout=10s')
        expect(first?.headers).toMatchObject({
          'content-type': 'application/json',
          'user-agent': 'kube-apiserver-admission',
        })
        expect(first?.body).toMatchObject({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' })
        expect(first?.request['userInfo']).toMatchObject({
          groups: expect.arrayContaining(['system:masters']),
        })
        expect(Object.keys(first?.request ?? {}).toSorted()).toEqual(
          [
            'uid',
            'kind',
            'resource',
            'requestKind',
            'requestResource',
            'name',
            'namespace',
            'operation',
            'userInfo',
            'object',
            'oldObject',
            'dryRun',
            'options',
          ].toSorted(),
        )
      })
    },
  },
  {
    number: 119,
    kind: 'error',
    title: 'a refusal carries the words, code and reason of the webhook',
    async run(space) {
      const statuses: Record<string, object | undefined> = {
        plain: undefined,
        message: { message: 'not today' },
        reason: { reason: 'Because' },
        forbidden: { code: 403, reason: 'Forbidden', message: 'no' },
        success: { code: 200, status: 'Success', message: 'odd' },
        details: {
          code: 422,
          reason: 'Invalid',
          message: 'bad',
          details: { name: 'n', kind: 'k', causes: [{ field: 'f' }] },
        },
      }
      const say = ({ name = '' }: { name?: string }): { response: object } => {
        const status = statuses[name]
        return { response: { allowed: false, ...(status === undefined ? {} : { status }) } }
      }
      await withWebhooks(space, { validating: [{ at: 'no', say: say as never }] }, async () => {
        const post = (name: string) => space.call('POST', space.path('configmaps'), { body: configMap(name) })
        const by = 'admission webhook "no.test.dev" denied the request'
        const plain = await post('plain')
        expect(plain.body).toEqual({
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: `${by} without explanation`,
          code: 400,
        })
        expect(refusalOf(await post('message'))).toBe(`400 undefined: ${by}: not today`)
        expect(refusalOf(await post('reason'))).toBe(`400 Because: ${by}: Because`)
        expect(refusalOf(await post('forbidden'))).toBe(`403 Forbidden: ${by}: no`)
        expect(refusalOf(await post('success'))).toBe(`400 undefined: ${by}: odd`)
        expect((await post('details')).body).toMatchObject({
          code: 422,
          reason: 'Invalid',
          message: `${by}: bad`,
          details: { name: 'n', kind: 'k', causes: [{ field: 'f' }] },
        })
      })
    },
  },
  {
    number: 120,
    kind: 'error',
    title: 'a call that fails fails the write, unless failures are to be ignored',
    async run(space) {
      const gone = { clientConfig: { url: 'https://127.0.0.1:1/x' } }
      const slow = { timeoutSeconds: 1, say: () => new Promise<never>(() => undefined) }
      const raw = (code: number, text: string, type?: string) => () => ({
        raw: { code, text, ...(type && { type }) },
      })
      const only = (name: string): object => ({ objectSelector: { matchLabels: { only: name } } })
      const hooks = [
        { at: 'gone', ...gone },
        { at: 'slow', ...slow },
        { at: 'error', say: raw(500, 'boom') },
        { at: 'missing', say: raw(404, 'nothing') },
        {
          at: 'absent',
          say: raw(200, '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', 'application/json'),
        },
        { at: 'uid', say: () => ({ response: { uid: 'other' } }) },
        { at: 'type', say: () => ({ review: { apiVersion: 'admission.k8s.io/v1beta1' } }) },
        { at: 'patched', say: () => patching({ op: 'remove', path: '/data' }) },
      ]
      const named = hooks.map((hook) => ({ ...hook, ...only(hook.at) }))
      const ignored = { at: 'ignored', ...gone, failurePolicy: 'Ignore', ...only('ignored') }
      await withWebhooks(space, { validating: [...named, ignored] }, async ({ server, seen }) => {
        const post = async (name: string): Promise<string> => {
          const body = configMap(name, {}, { labels: { only: name } })
          return refusalOf(await space.call('POST', space.path('configmaps'), { body }))
        }
        const failed = (name: string): string =>
          `500 InternalError: Internal error occurred: failed calling webhook "${name}.test.dev":`
        const posted = (name: string): string =>
          `${failed(name)} failed to call webhook: Post "${server.url}/${name}`
        expect(await post('gone')).toBe(
          `${failed('gone')} failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused`,
        )
        expect(await post('slow')).toBe(`${posted('slow')}?timeout=1s": context deadline exceeded`)
        expect(await post('error')).toBe(
          `${failed('error')} failed to call webhook: an error on the server ("boom") has prevented the request from succeeding`,
        )
        expect(await post('missing')).toBe(
          `${failed('missing')} failed to call webhook: the server could not find the requested resource`,
        )
        const invalid = 'received invalid webhook response:'
        expect(await post('absent')).toBe(`${failed('absent')} ${invalid} webhook response was absent`)
        const text = await post('uid')
        const uid = seen('uid')[0]?.request.uid ?? ''
        expect(text).toBe(`${failed('uid')} ${invalid} expected response.uid="${uid}", got "other"`)
        expect(await post('type')).toMatch(
          /^500 InternalError: Internal error occurred: failed calling webhook "type.test.dev": /,
        )
        expect(await post('patched')).toBe(
          `${failed('patched')} ${invalid} validating webhook may not return response.patch`,
        )
        expect(await post('ignored')).toMatch(/^201/)
      })
    },
  },
  {
    number: 121,
    kind: 'error',
    title: 'a webhook is only spoken to if the given authority knows it',
    async run(space) {
      await withWebhooks(space, {}, async ({ server: other }) => {
        const hook = { at: 'trust', say: () => ({}) }
        await withWebhooks(space, { validating: [hook] }, async ({ server }) => {
          const path = `${group}/validatingwebhookconfigurations/${space.namespace}`
          const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: other.caBundle }]
          await space.call('PATCH', path, { body: patch, type: 'application/json-patch+json' })
          const end = Date.now() + 10_000
          let text = ''
          while (Date.now() < end && !text.startsWith('500')) {
            text = refusalOf(
              await space.call('POST', `${space.path('configmaps')}?dryRun=All`, { body: configMap('a') }),
            )
          }
          expect(text).toContain(
            `failed to call webhook: Post "${server.url}/trust?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
          )
        })
      })
    },
  },
  {
    number: 122,
    kind: 'behavior',
    title: 'mutating webhooks patch one after the other, before the object is validated',
    async run(space) {
      const label = (key: string) => () =>
        patching({ op: 'add', path: `/metadata/labels/${key}`, value: 'x' })
      const mutating = [
        { at: 'first', say: label('first'), rules: widgets(['widgets']) },
        {
          at: 'second',
          rules: widgets(['widgets']),
          say: () =>
            patching(
              { op: 'add', path: '/spec/size', value: 3 },
              { op: 'add', path: '/spec/unknown', value: 1 },
            ),
        },
      ]
      const validating = [{ at: 'last', rules: widgets(['widgets']) }]
      await withWebhooks(space, { mutating, validating }, async ({ seen, server }) => {
        const object = widget('a', { size: 9 }, { labels: { own: 'y' } })
        const created = await space.call('POST', space.path('widgets'), { body: object })
        expect(created).toMatchObject({ status: 201, body: { spec: { size: 3, mode: 'a' } } })
        expect(labelsOf(created)).toEqual({ own: 'y', first: 'x' })
        expect(at(seen('second')[0]?.request.object, 'metadata.labels')).toEqual({ own: 'y', first: 'x' })
        // Names, uids and times are given after the mutating webhooks.
        expect(at(seen('first')[0]?.request.object, 'metadata.uid')).toBeUndefined()
        expect(at(seen('last')[0]?.request.object, 'metadata.uid')).toBe(at(created.body, 'metadata.uid'))
        const managers = at(created.body, 'metadata.managedFields') as { fieldsV1: object }[]
        expect(JSON.stringify(managers)).not.toContain('f:first')
        expect(JSON.stringify(managers)).toContain('f:own')
        server.answer('/second', () => patching({ op: 'replace', path: '/spec/size', value: 9 }))
        const bad = await space.call('PATCH', space.path('widgets', 'a'), {
          body: { spec: { size: 1 } },
          type: merge,
        })
        expect(bad).toMatchObject({ status: 422, body: { reason: 'Invalid' } })
        expect(seen('last')).toHaveLength(1)
      })
    },
  },
  {
    number: 123,
    kind: 'error',
    title: 'a patch that does not apply is an error of the server',
    async run(space) {
      const mutating = [{ at: 'patch', say: () => patching({ op: 'replace', path: '/none/x', value: '1' }) }]
      await withWebhooks(space, { mutating }, async ({ server }) => {
        const post = async (): Promise<string> =>
          refusalOf(await space.call('POST', space.path('configmaps'), { body: configMap('a', { x: '1' }) }))
        const failed = '500 InternalError: Internal error occurred:'
        expect(await post()).toBe(
          `${failed} replace operation does not apply: doc is missing path: /none/x: missing value`,
        )
        server.answer('/patch', () => patching({ op: 'remove', path: '/data/none' }))
        expect(await post()).toBe(
          `${failed} error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value`,
        )
        server.answer('/patch', () => patching({ op: 'add', path: '/none/x', value: '1' }))
        expect(await post()).toBe(
          `${failed} add operation does not apply: doc is missing path: "/none/x": missing value`,
        )
        server.answer('/patch', () => patching({ op: 'test', path: '/data/x', value: '2' }))
        expect(await post()).toBe(`${failed} testing value /data/x failed: test failed`)
        server.answer('/patch', () => ({ response: { patchType: 'MergePatch', patch: 'e30=' } }))
        expect(await post()).toMatch(/^500 InternalError: Internal error occurred: /)
        server.answer('/patch', () => ({ response: { patch: 'W10=' } }))
        expect(await post()).toBe(
          `${failed} failed calling webhook "patch.test.dev": received invalid webhook response: webhook returned response.patch but not response.patchType`,
        )
      })
    },
  },
  {
    number: 124,
    kind: 'behavior',
    title: 'a write to a subresource is a matter for rules that name it alone',
    async run(space) {
      const validating = [
        { at: 'main', rules: widgets(['widgets']) },
        { at: 'status', rules: widgets(['widgets/status']) },
        { at: 'any', rules: widgets(['widgets/*']) },
        { at: 'star', rules: widgets(['*']) },
      ]
      await withWebhooks(space, { validating }, async ({ seen }) => {
        await space.create('widgets', widget('a'))
        const status = { status: { phase: 'x' } }
        await space.call('PATCH', `${space.path('widgets', 'a')}/status`, { body: status, type: merge })
        const counts = Object.fromEntries(validating.map(({ at: path }) => [path, seen(path).length]))
        expect(counts).toEqual({ main: 1, status: 1, any: 2, star: 1 })
        expect(seen('status')[0]?.request).toMatchObject({
          subResource: 'status',
          requestSubResource: 'status',
          operation: 'UPDATE',
          object: { status: { phase: 'x' } },
        })
      })
    },
  },
  {
    number: 125,
    kind: 'behavior',
    title: 'selectors take an object as it was or as it is to be, and its namespace',
    async run(space) {
      const labelled = { matchLabels: { pick: 'me' } }
      const validating = [
        { at: 'object', objectSelector: labelled, rules: configMaps(['UPDATE']) },
        {
          at: 'elsewhere',
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['x'] }],
          },
        },
        { at: 'cluster', rules: [{ ...configMaps(['*'])[0], scope: 'Cluster' }] },
        { at: 'namespaced', rules: [{ ...configMaps(['*'])[0], scope: 'Namespaced' }] },
      ]
      await withWebhooks(space, { validating }, async ({ seen }) => {
        await space.create('configmaps', configMap('a'))
        const label = (value: string | null): Promise<unknown> =>
          space.call('PATCH', space.path('configmaps', 'a'), {
            body: { metadata: { labels: { pick: value } } },
            type: merge,
          })
        await label('other')
        expect(seen('object')).toHaveLength(0)
        await label('me')
        await label(null)
        await label('other')
        expect(seen('object')).toHaveLength(2)
        expect([seen('elsewhere').length, seen('cluster').length, seen('namespaced').length]).toEqual([
          0, 0, 5,
        ])
      })
    },
  },
  {
    number: 126,
    kind: 'behavior',
    title: 'a webhook that is to be asked again is, once, after a later one changed something',
    async run(space) {
      const add = (key: string) => () => patching({ op: 'add', path: `/data/${key}`, value: 'x' })
      const mutating = [
        { at: 'again', reinvocationPolicy: 'IfNeeded', say: add('again') },
        { at: 'once', say: add('once') },
        { at: 'late', reinvocationPolicy: 'IfNeeded', say: add('late') },
      ]
      await withWebhooks(space, { mutating }, async ({ seen }) => {
        const created = await space.create('configmaps', configMap('a', { own: 'x' }))
        expect(at(created, 'data')).toEqual({ own: 'x', again: 'x', once: 'x', late: 'x' })
        expect([seen('again').length, seen('once').length, seen('late').length]).toEqual([2, 1, 1])
        expect(at(seen('again')[1]?.request.object, 'data')).toEqual({
          own: 'x',
          again: 'x',
          once: 'x',
          late: 'x',
        })
      })
    },
  },
  {
    number: 127,
    kind: 'behavior',
    title: 'a dry run is asked about as such, and leaves nothing',
    async run(space) {
      const mutating = [{ at: 'dry', say: () => patching({ op: 'add', path: '/data/x', value: 'y' }) }]
      await withWebhooks(space, { mutating }, async ({ seen }) => {
        const path = space.path('configmaps')
        const answer = await space.call('POST', `${path}?dryRun=All`, { body: configMap('a', { a: 'b' }) })
        expect(answer).toMatchObject({ status: 201, body: { data: { a: 'b', x: 'y' } } })
        expect(seen('dry')[0]?.request).toMatchObject({ dryRun: true, options: { dryRun: ['All'] } })
        expect(await space.call('GET', `${path}/a`)).toMatchObject({ status: 404 })
      })
    },
  },
  {
    number: 128,
    kind: 'behavior',
    title: 'warnings of a webhook reach the client, whatever it decides',
    async run(space) {
      const say = ({ name = '' }): { response: object } => ({
        response: { allowed: name !== 'b', warnings: ['mind it'] },
      })
      await withWebhooks(space, { validating: [{ at: 'warn', say }] }, async () => {
        for (const [name, status] of [
          ['a', 201],
          ['b', 400],
        ] as const) {
          const answer = await space.call('POST', space.path('configmaps'), { body: configMap(name) })
          expect(answer.status).toBe(status)
          expect(answer.headers['warning']).toBe('299 - "mind it"')
        }
      })
    },
  },
  {
    number: 129,
    kind: 'behavior',
    title: 'a name that the server makes is empty to mutating webhooks and known to validating ones',
    async run(space) {
      await withWebhooks(space, { mutating: [{ at: 'm' }], validating: [{ at: 'v' }] }, async ({ seen }) => {
        const body = { ...configMap(''), metadata: { generateName: 'made-' } }
        const created = await space.call('POST', space.path('configmaps'), { body })
        expect(created.status).toBe(201)
        const name = textAt(created.body, 'metadata.name')
        expect(seen('v')[0]?.request.name).toBe(name)
        const before = seen('m')[0]?.request
        expect([before?.name, at(before?.object, 'metadata.generateName')]).toEqual([undefined, 'made-'])
      })
    },
  },
  {
    number: 130,
    kind: 'error',
    title: 'a deletion can be refused, by name and in a collection',
    async run(space) {
      const say = ({ oldObject }: { oldObject: unknown }): { response: object } => ({
        response: {
          allowed: at(oldObject, 'data.keep') === undefined,
          status: { code: 403, reason: 'Forbidden', message: 'kept' },
        },
      })
      const validating = [
        { at: 'keep', say: say as never, rules: [{ ...configMaps(['DELETE'])[0], resources: ['secrets'] }] },
      ]
      await withWebhooks(space, { validating }, async ({ seen }) => {
        const path = space.path('secrets')
        for (const name of ['a', 'b'])
          await space.create('secrets', secret(name, name === 'b' ? { keep: 'x' } : {}))
        expect(refusalOf(await space.call('DELETE', `${path}/b`))).toBe(
          '403 Forbidden: admission webhook "keep.test.dev" denied the request: kept',
        )
        const answer = await space.call('DELETE', path)
        expect(answer.status).toBe(403)
        expect(seen('keep').at(-1)?.request.name).toBeUndefined()
        expect(await space.call('GET', `${path}/b`)).toMatchObject({ status: 200 })
      })
    },
  },
  {
    number: 131,
    kind: 'behavior',
    title: 'an apply is asked about as what it comes to: a creation, then an update',
    async run(space) {
      await withWebhooks(space, { validating: [{ at: 'see', rules: configMaps(all) }] }, async ({ seen }) => {
        const path = `${space.path('configmaps', 'a')}?fieldManager=me&force=true`
        for (const x of ['1', '2'])
          await space.call('PATCH', path, { body: configMap('a', { x }), type: apply })
        expect(seen('see').map(({ request }) => [request.operation, request['options']])).toEqual([
          ['CREATE', { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'me' }],
          ['UPDATE', { kind: 'UpdateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'me' }],
        ])
      })
    },
  },
  {
    number: 132,
    kind: 'behavior',
    title: 'a patch is made anew from what somebody else wrote while a webhook was asked',
    async run(space) {
      let between: (() => Promise<unknown>) | undefined
      const say = async (): Promise<object> => {
        const write = between
        between = undefined
        await write?.()
        return {}
      }
      await withWebhooks(
        space,
        { mutating: [{ at: 'slow', say, rules: configMaps(['UPDATE']) }] },
        async () => {
          await space.create('configmaps', configMap('a', { x: '1' }))
          const path = space.path('configmaps', 'a')
          const patch = (data: object) => space.call('PATCH', path, { body: { data }, type: merge })
          between = () => patch({ y: '1' })
          expect(at((await patch({ x: '2' })).body, 'data')).toEqual({ x: '2', y: '1' })
          const { body } = await space.call('GET', path)
          between = () => patch({ y: '2' })
          const put = await space.call('PUT', path, { body })
          expect(put).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
        },
      )
    },
  },
  {
    number: 133,
    kind: 'behavior',
    title: 'the Scale of an object is admitted as such',
    async run(space) {
      const rules = [
        {
          operations: ['UPDATE'],
          apiGroups: ['apps'],
          apiVersions: ['v1'],
          resources: ['deployments/scale'],
        },
      ]
      const say = () => patching({ op: 'replace', path: '/spec/replicas', value: 0 })
      await withWebhooks(space, { mutating: [{ at: 'scale', rules, say }] }, async ({ seen }) => {
        const labels = { app: 'a' }
        const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i:1' }] } }
        const spec = { replicas: 0, selector: { matchLabels: labels }, template }
        await space.create('deployments', {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'a' },
          spec,
        })
        const path = `${space.path('deployments', 'a')}/scale`
        const answer = await space.call('PATCH', path, { body: { spec: { replicas: 3 } }, type: merge })
        expect(answer).toMatchObject({ status: 200, body: { kind: 'Scale', spec: {} } })
        expect(at(answer.body, 'spec.replicas')).toBeUndefined()
        expect(seen('scale')[0]?.request).toMatchObject({
          kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          resource: { group: 'apps', version: 'v1', resource: 'deployments' },
          subResource: 'scale',
          object: { kind: 'Scale', spec: { replicas: 3 } },
          oldObject: { kind: 'Scale', spec: {} },
        })
      })
    },
  },
  {
    number: 134,
    kind: 'behavior',
    title: 'a JSON patch also replaces a key that is not there, but no item of a list',
    async run(space) {
      await space.create('widgets', widget('a', { list: ['x'] }))
      const patch = (path: string) =>
        space.call('PATCH', space.path('widgets', 'a'), {
          body: [{ op: 'replace', path, value: 'y' }],
          type: 'application/json-patch+json',
        })
      expect(await patch('/spec/name')).toMatchObject({ status: 200, body: { spec: { name: 'y' } } })
      expect(await patch('/spec/list/3')).toMatchObject({ status: 422 })
      expect(await patch('/spec/none/name')).toMatchObject({ status: 422 })
    },
  },
  {
    number: 135,
    kind: 'behavior',
    title:
      'match conditions decide by the object and by who writes; what cannot be told goes by the failure policy',
    async run(space) {
      const condition = (...expressions: string[]): object => ({
        matchConditions: expressions.map((expression, index) => ({ name: `c${index}`, expression })),
      })
      const fails = condition("object.data.none == 'x'")
      const validating = [
        {
          at: 'name',
          ...condition("request.name == 'a'", "request.operation == 'CREATE' && oldObject == null"),
        },
        { at: 'data', ...condition("has(object.data) && 'x' in object.data && object.data.x == '1'") },
        { at: 'never', ...condition("!('system:masters' in request.userInfo.groups)") },
        { at: 'open', failurePolicy: 'Ignore', ...fails },
        { at: 'either', ...condition("object.data.none == 'x'", 'false') },
        { at: 'closed', objectSelector: { matchLabels: { closed: 'yes' } }, ...fails },
      ]
      await withWebhooks(space, { validating }, async ({ seen }) => {
        await space.create('configmaps', configMap('a', { x: '1' }))
        await space.create('configmaps', configMap('b', { x: '2' }))
        expect(['name', 'data', 'never', 'open', 'either'].map((path) => seen(path).length)).toEqual([
          1, 1, 0, 0, 0,
        ])
        const closed = configMap('c', { x: '1' }, { labels: { closed: 'yes' } })
        expect(refusalOf(await space.call('POST', space.path('configmaps'), { body: closed }))).toBe(
          `403 Forbidden: configmaps "c" is forbidden: expression 'object.data.none == 'x'' resulted in error: no such key: none`,
        )
      })
    },
  },
]
