import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startEmbedded, type EmbeddedCluster } from '../../clusters/embedded.ts'
import { controllerCommits, driftNames, type FingerprintReport } from '../../contract/fingerprint.ts'
import {
  clusterRoleBindings,
  clusterRoles,
  customResourceDefinitions,
  deployments,
  namespaces,
  pods,
  roleBindings,
  roles,
  serviceAccounts,
  workflows,
  type ResourceType,
} from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { callerGrants, controllerPlace, taskGrant } from '../../contract/scenario-rights.ts'
import { connect } from '../../kube/client.ts'
import type { KubeClient } from '../../kube/types.ts'
import { readScenario } from '../source/read-scenario.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { checkFingerprint, type FingerprintOptions } from './check-fingerprint.ts'
import { refuseDrift } from './drift-table.ts'
import { grantTaskRights } from './grant-task-rights.ts'

let cluster: EmbeddedCluster
let source: ScenarioSource

beforeAll(async () => {
  ;[cluster, source] = await Promise.all([startEmbedded(), readScenario({ scenario: 'release-test' })])
  await namespace(controllerPlace.namespace)
})
afterAll(() => cluster.close())

const manifests: Readonly<Record<string, ResourceType>> = {
  ServiceAccount: serviceAccounts,
  Role: roles,
  RoleBinding: roleBindings,
  ClusterRole: clusterRoles,
  ClusterRoleBinding: clusterRoleBindings,
}

async function apply(objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const type = manifests[object.kind]
    if (type !== undefined) await cluster.kube.apply(type, object, { fieldManager: fieldManagers.harness })
  }
}

async function namespace(name = `n-${randomUUID().slice(0, 8)}`): Promise<string> {
  await cluster.kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  return name
}

/** A namespace whose Task pods may do what they need, with what is compared by default. */
async function options(more: Partial<FingerprintOptions> = {}): Promise<FingerprintOptions> {
  const own = await namespace()
  await grantTaskRights(cluster.kube, own)
  return {
    kube: cluster.kube,
    namespace: own,
    source,
    seitaskImage: 'sei/seitask:dev',
    simulated: true,
    allowDrift: [],
    runId: 'r1',
    ...more,
  }
}

function found(report: FingerprintReport, name: string): string {
  return report.rows.find((row) => row.name === name)?.found ?? ''
}

/** The client of a ServiceAccount that may do just what `ci/manifests/caller-rbac.yaml` grants, less what `left` says. */
async function callerOf(own: string, left: readonly string[] = []): Promise<KubeClient> {
  await apply(callerGrants(own).filter(({ kind }) => !left.includes(kind)))
  const path = `/api/v1/namespaces/${own}/serviceaccounts/workflow-run/token`
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status } = await cluster.kube.request<{ status: { token: string } }>('POST', path, { body })
  const { clientCert: _cert, clientKey: _key, ...info } = cluster.info
  const client = connect({ ...info, token: status.token })
  onTestFinished(() => client.close())
  return client
}

test('default: a simulated cluster agrees in everything', async () => {
  const report = await checkFingerprint(await options())
  expect(report.rows.filter(({ agrees }) => !agrees)).toEqual([])
  expect(report.rows.map(({ name }) => name)).toEqual(driftNames)
  expect(() => refuseDrift(report)).not.toThrow()
})

test('error: without the rights of Task pods nothing is applied, and the table names them with their fix', async () => {
  const own = await namespace()
  const { role, binding } = taskGrant(own)
  const less = { ...role, rules: role.rules.filter(({ resources }) => !resources.includes('seinodes')) }
  await apply([less, binding])
  const report = await checkFingerprint({ ...(await options()), namespace: own })
  expect(report.drift).toEqual(['task-rights'])
  expect(found(report, 'task-rights')).toBe('missing: create|get|list|watch seinodes.sei.io')
  expect(() => refuseDrift(report)).toThrow(
    /fix: kubectl apply -f ci\/manifests\/task-rbac.yaml[^]*--allow-drift task-rights/,
  )
  expect((await cluster.kube.list(workflows, { namespace: own })).items).toEqual([])
})

test('behavior: drift that is allowed by name is let pass and recorded, other drift is not', async () => {
  const own = await namespace()
  const given = { ...(await options()), namespace: own, simulated: false, controllerImage: 'x/controller:v1' }
  const one = await checkFingerprint({ ...given, allowDrift: ['task-rights'] })
  expect([one.allowedDrift, one.drift]).toEqual([['task-rights'], ['controller']])
  const both = await checkFingerprint({ ...given, allowDrift: ['task-rights', 'controller', 'templates'] })
  expect([both.allowedDrift, both.drift]).toEqual([['controller', 'task-rights'], []])
  expect(() => refuseDrift(both)).not.toThrow()
})

test('error: other templates beside the scenario than in the image are named', async () => {
  const files = new Map([...source.files, ['rpc.yaml.tmpl', 'kind: SeiNode\n']])
  const report = await checkFingerprint(await options({ source: { ...source, files } }))
  expect(report.drift).toEqual(['templates'])
  expect(found(report, 'templates')).toContain('differ: rpc.yaml.tmpl')
})

test('error: a definition with a field more is named, and one that may not be read is drift', async () => {
  const name = 'seinodes.sei.io'
  const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/fresh'
  const change = (patch: object): Promise<unknown> =>
    cluster.kube.patch(customResourceDefinitions, { name }, [patch], { type: 'json' })
  const given = await options()
  await change({ op: 'add', path, value: { type: 'string' } })
  const report = await checkFingerprint(given)
  await change({ op: 'remove', path })
  expect(report.drift).toEqual(['definitions'])
  expect(found(report, 'definitions')).toBe(`${name} differs`)
  const kube = await callerOf(given.namespace, ['ClusterRole', 'ClusterRoleBinding'])
  const blind = await checkFingerprint({ ...given, kube, seitaskImage: undefined })
  expect(found(blind, 'definitions')).toBe('may not be read')
  expect(blind.drift).toEqual(['definitions', 'task-rights'])
})

test('behavior: on a real cluster the running controller has to be of the commit of the steps', async () => {
  const given = await options({ simulated: false })
  expect((await checkFingerprint(given)).drift).toEqual(['controller'])
  const upstream = 'ecr/sei/seitask-runner:abc'
  const run = async (tag: string): Promise<void> => {
    const labels = { 'app.kubernetes.io/name': 'sei-k8s-controller' }
    const containers = [
      { name: 'proxy', image: 'proxy:v1' },
      { name: 'manager', image: `ecr:5000/sei/sei-k8s-controller:${tag}` },
    ]
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'manager', namespace: controllerPlace.namespace, labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    }
    await cluster.kube.apply(deployments, deployment, { fieldManager: fieldManagers.harness })
  }
  await run('abc')
  const seen = async (seitaskImage: string): Promise<readonly string[]> =>
    (await checkFingerprint({ ...given, seitaskImage })).drift
  expect(await seen(upstream)).toEqual([])
  expect(await seen('ecr/sei/seitask-runner:abd')).toEqual(['controller'])
  expect(await seen('ecr/sei/seitask:abd')).toEqual(['controller'])
  const { rows } = await checkFingerprint({ ...given, seitaskImage: upstream })
  expect(rows.find(({ name }) => name === 'controller')?.image).toBe('ecr:5000/sei/sei-k8s-controller:abc')
  await run(controllerCommits.head)
  expect(await seen('ecr/sei/seitask:abd')).toEqual([])
  expect(await seen(upstream)).toEqual(['controller'])
})

test('behavior: upstream steps have to be of the commit of the scenario', async () => {
  const commit = controllerCommits.june
  const of = (seitaskImage: string): Promise<FingerprintOptions> =>
    options({
      simulated: false,
      controllerImage: `x/controller:${commit}`,
      source: { ...source, origin: { ...source.origin, commit } },
      seitaskImage,
    })
  expect((await checkFingerprint(await of(`x/seitask-runner:${commit}`))).drift).toEqual([])
  const other = await checkFingerprint(await of('x/seitask-runner:abc'))
  expect(other.drift).toEqual(['scenario-ref', 'controller'])
})

test('error: a caller without a right is told which, by verb', async () => {
  const given = await options()
  await apply(
    callerGrants(given.namespace).map((object) =>
      object.kind === 'Role' && object.metadata.namespace === given.namespace
        ? {
            ...object,
            rules: [
              {
                apiGroups: ['chaos-mesh.org'],
                resources: ['workflows'],
                verbs: ['create', 'get', 'list', 'watch', 'delete'],
              },
            ],
          }
        : object,
    ),
  )
  const kube = await callerOf(given.namespace, ['Role'])
  const report = await checkFingerprint({ ...given, kube })
  expect(report.drift).toEqual(['caller-rights'])
  expect(found(report, 'caller-rights')).toMatch(
    /^missing: patch workflows\.chaos-mesh\.org, .*get pods\/log/,
  )
})

test('behavior: where the rights of others may not be asked for, a Task tells its own, and is gone', async () => {
  const given = await options()
  const kube = await callerOf(given.namespace)
  await apply(
    callerGrants(given.namespace)
      .filter(({ kind }) => kind === 'ClusterRole')
      .map((object) => ({
        ...object,
        rules: [
          { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get'] },
        ],
      })),
  )
  const report = await checkFingerprint({ ...given, kube })
  expect(found(report, 'task-rights')).toBe('all granted (told by a Task)')
  expect(report.drift).toEqual([])
  await cluster.kube.delete(roleBindings, { namespace: given.namespace, name: 'seitask-runner' })
  const without = await checkFingerprint({ ...given, kube, runId: 'r2' })
  expect(without.drift).toEqual(['task-rights'])
  expect(found(without, 'task-rights')).toMatch(/^missing: .*seinetworks\.sei\.io.* \(told by a Task\)$/)
  expect((await cluster.kube.list(workflows, { namespace: given.namespace })).items).toEqual([])
  expect((await cluster.kube.list(pods, { namespace: given.namespace })).items).toEqual([])
})
