import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { installDefinitions } from '../../src/embedded/definitions.ts'
import { startAdmission } from '../../src/embedded/controllers/chaos-mesh/admission/start.ts'
import { connect } from '../../src/kube/client.ts'
import { loadConnection } from '../../src/kube/kubeconfig.ts'
import { connectTarget, startEmbeddedTarget, type ApiTarget } from '../helpers/api-target.ts'
import { as, grant, rule, user } from '../helpers/conformance-access.ts'
import { at, openSpace } from '../helpers/conformance-case.ts'
import { refusalOf } from '../helpers/conformance-webhooks.ts'

type Fields = Record<string, unknown>

const group = '/apis/chaos-mesh.org/v1alpha1'
const workflow = (templates: unknown, entry = 'e'): Fields => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w' },
  spec: { entry, templates },
})
const task = (name: string, more: Fields = {}): Fields => ({
  name,
  templateType: 'Task',
  task: { container: { name: 'main', image: 'busybox' } },
  ...more,
})
const serial = (...children: string[]): Fields => ({ name: 'e', templateType: 'Serial', children })
const selector = { labelSelectors: { app: 'x' } }
const kill = { action: 'pod-kill', mode: 'one', selector }

async function startAdmitted(): Promise<ApiTarget> {
  const target = await startEmbeddedTarget({ controllers: true })
  const kube = connect(target.info)
  await installDefinitions(kube, {})
  const admission = await startAdmission(kube)
  await admission.active()
  return {
    ...target,
    async close() {
      await admission.close()
      await kube.close()
      await target.close()
    },
  }
}

const realKubeconfig = process.env['SEI_CONFORMANCE_KUBECONFIG']
const targets = [{ name: 'embedded', start: startAdmitted }]
if (realKubeconfig !== undefined)
  // A cluster of ours on a real server has Chaos Mesh's admission in front of it.
  targets.push({
    name: 'a real server',
    start: async () => connectTarget(await loadConnection({ kubeconfigPath: realKubeconfig, env: {} })),
  })

describe.each(targets)('admission of Chaos Mesh: $name', ({ start }) => {
  let target: ApiTarget
  let space: Awaited<ReturnType<typeof openSpace>>
  beforeAll(async () => {
    target = await start()
  })
  afterAll(() => target.close())
  beforeEach(async () => {
    space = await openSpace(target)
  })
  afterEach(() => space.close())

  const pathOf = (plural: string): string => `${group}/namespaces/${space.namespace}/${plural}`
  const post = (plural: string, body: Fields, more: object = {}) =>
    target.call('POST', pathOf(plural), { body, ...more })
  const refused = async (templates: unknown, entry?: string): Promise<string> =>
    refusalOf(await post('workflows', workflow(templates, entry)))

  const denied = '403 Forbidden: admission webhook "vworkflow.kb.io" denied the request: '
  const subdomain =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  const chaos = (more: Fields): Fields => ({ name: 'c', templateType: 'PodChaos', ...more })

  test.each([
    // As recorded.
    [
      'a Suspend without deadline',
      [serial('s'), { name: 's', templateType: 'Suspend' }],
      'spec.templates[1].deadline: Invalid value: null: deadline in template with type Suspend could not be empty',
    ],
    [
      'an unknown child',
      [serial('zz')],
      'spec.templates[0].children[0]: Invalid value: "zz": can not find a template with name zz',
    ],
    [
      'a name twice',
      [serial('a'), task('a'), task('a')],
      'spec.templates: Invalid value: "": template name must be unique, duplicated names: [a]',
    ],
    [
      'an unknown type',
      [{ name: 'e', templateType: 'Foo' }],
      'spec.templates[0].templateType: Invalid value: "Foo": unrecognized template type: Foo',
    ],
    [
      'no templates',
      [],
      '[spec.entry: Invalid value: "e": can not find a template with name e, spec.templates: Invalid value: []: templates in workflow could not be empty]',
    ],
    // As its source says.
    [
      'a fault with a duration',
      [serial('c'), chaos({ podChaos: { ...kill, duration: '30s' } })],
      'spec.templates[1]: Invalid value: 30000000000: should not define duration in chaos when using Workflow, use Template#Deadline instead.',
    ],
    [
      'a fault that is invalid',
      [serial('c'), chaos({ podChaos: { ...kill, action: 'container-kill' } })],
      'Spec.containerNames: Invalid value: null: the name of container is empty on container-kill action: invalid value',
    ],
    [
      'children of a Task',
      [serial('a'), task('a', { children: ['e'] })],
      'spec.templates[1]: Invalid value: ["e"]: this template should not contain Children',
    ],
    [
      'branches of a Serial',
      [{ ...serial(), conditionalBranches: [{ target: 'e' }] }],
      'spec.templates[0]: Invalid value: [{"target":"e"}]: this template should not contain ConditionalBranches',
    ],
  ])('error: %s is refused', async (_, templates, text) => {
    expect(await refused(templates)).toBe(`${denied}${text}`)
  })

  test('error: an entry that is missing, and one that is no template, are refused', async () => {
    expect(await refused([task('e')], 'x')).toBe(
      `${denied}spec.entry: Invalid value: "x": can not find a template with name x`,
    )
    expect(await refused([task('e')], '')).toBe(
      `${denied}[spec.entry: Required value: the entry of workflow is required, spec.entry: Invalid value: "": can not find a template with name ]`,
    )
  })

  test('error: names are DNS-1123 subdomains', async () => {
    expect(await refused([task('E_x')], 'E_x')).toBe(
      `${denied}spec.templates[0].name: Invalid value: "E_x": field name must be DNS-1123 subdomain, [${subdomain}]`,
    )
  })

  test('error: a fault without its spec makes the real one panic, and so it is answered', async () => {
    expect(await refused([serial('c'), chaos({})])).toBe(
      '500 undefined: admission webhook "vworkflow.kb.io" denied the request: panic: reflect: call of reflect.Value.FieldByName on zero Value [recovered]',
    )
  })

  test('error: a field of the wrong type is refused by the mutating webhook', async () => {
    const bad = task('e', { task: { container: { name: 'main', image: true } } })
    expect(await refused([bad])).toBe(
      '400 undefined: admission webhook "mworkflow.kb.io" denied the request: json: cannot unmarshal bool into Go struct field Container.spec.templates.task.container.image of type string',
    )
  })

  test('behavior: what is not checked gets in', async () => {
    const templates = [
      serial('e', 'a'),
      task('a', {
        deadline: 'soon',
        conditionalBranches: [{ target: 'nowhere', expression: '((' }],
      }),
      { name: 'b', templateType: 'Task' },
      { name: 's', templateType: 'StatusCheck' },
      { name: 'h', templateType: 'Schedule' },
      chaos({ podChaos: kill }),
    ]
    expect(await post('workflows', workflow(templates))).toMatchObject({ status: 201 })
  })

  test('behavior: selectors, directions, correlations and clocks are filled in', async () => {
    const delay = { action: 'delay', mode: 'all', selector, delay: { latency: '10ms' } }
    const created = await post(
      'workflows',
      workflow([
        serial(),
        { name: 'n', templateType: 'NetworkChaos', networkChaos: delay },
        { name: 't', templateType: 'TimeChaos', timeChaos: { mode: 'one', selector, timeOffset: '-5m' } },
      ]),
    )
    const namespaces = [space.namespace]
    expect(at(created.body, 'spec.templates.1.networkChaos')).toEqual({
      ...delay,
      selector: { ...selector, namespaces },
      direction: 'to',
      delay: { latency: '10ms', correlation: '0', jitter: '0ms' },
    })
    expect(at(created.body, 'spec.templates.2.timeChaos')).toMatchObject({
      selector: { namespaces },
      clockIds: ['CLOCK_REALTIME'],
    })
  })

  test('behavior: an update is judged too, a write of the status is not', async () => {
    await post('workflows', workflow([task('e')]))
    const path = `${pathOf('workflows')}/w`
    const type = 'application/merge-patch+json'
    const patched = await target.call('PATCH', path, { body: { spec: { entry: 'x' } }, type })
    expect(refusalOf(patched)).toBe(
      `${denied}spec.entry: Invalid value: "x": can not find a template with name x`,
    )
    const status = { status: { entryNode: 'e-1' } }
    expect(await target.call('PATCH', `${path}/status`, { body: status, type })).toMatchObject({
      status: 200,
    })
  })

  test('error: who may not create a Workflow in a selected namespace creates no fault there', async () => {
    const { namespace } = space
    const workflows = rule('create get', 'workflows', { apiGroups: ['chaos-mesh.org'] })
    await grant(space, 'writer', [workflows], [user('ann')])
    const faulty = workflow([serial('c'), chaos({ podChaos: kill })])
    const answer = await post('workflows', faulty, as('ann'))
    expect(refusalOf(answer)).toBe(
      `403 Forbidden: admission webhook "vauth.kb.io" denied the request: ann is forbidden on namespace ${namespace}`,
    )
    const harmless = { ...workflow([task('e')]), metadata: { name: 'harmless' } }
    expect(await post('workflows', harmless, as('ann'))).toMatchObject({ status: 201 })
    // A resource that there is none of: the kind in lower case.
    const singular = rule('create', 'workflow', { apiGroups: ['chaos-mesh.org'] })
    await grant(space, 'caller', [singular], [user('ann')])
    expect(await post('workflows', faulty, as('ann'))).toMatchObject({ status: 201 })
  })
})
