import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  clusterRoleBindings,
  clusterRoles,
  namespaces,
  roleBindings,
  roles,
  serviceAccounts,
  type ResourceType,
} from '../../src/contract/kinds.ts'
import { callerGrants, controllerPlace } from '../../src/contract/scenario-rights.ts'
import { connect } from '../../src/kube/client.ts'
import { failing } from './cells.ts'
import { startScenarioCluster } from './cluster.ts'
import { leftBehind } from './left-behind.ts'
import { runOnce } from './run.ts'

const types: Readonly<Record<string, ResourceType>> = {
  ServiceAccount: serviceAccounts,
  Role: roles,
  RoleBinding: roleBindings,
  ClusterRole: clusterRoles,
  ClusterRoleBinding: clusterRoleBindings,
}

const folder = mkdtempSync(join(tmpdir(), 'sei rights '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('default: with what ci/manifests/caller-rbac.yaml grants, and no more, a run passes and a failed one is cleaned up', async () => {
  const cluster = await startScenarioCluster()
  try {
    const { kube, namespace, info } = cluster
    const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: controllerPlace.namespace } }
    await kube.create(namespaces, place)
    for (const object of callerGrants(namespace)) {
      const type = types[object.kind]
      if (type !== undefined) await kube.create(type, object)
    }
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/workflow-run/token`
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
    const { status } = await kube.request<{ status: { token: string } }>('POST', path, { body })
    const caller = connect({ server: info.server, ca: info.ca, token: status.token, namespace })
    // As on a cluster of somebody else: nothing is granted by the run itself.
    const theirs = { ...cluster, kube: caller, simulated: false }
    const allowDrift = ['controller'] as const
    const change = failing('run-release-test', 'exit-1')
    const common = { cluster: theirs, scenario: 'release-test', guard: true, folder, allowDrift } as const
    const [well, bad] = await Promise.all([
      runOnce({ ...common, runId: 'well' }),
      runOnce({ ...common, runId: 'bad', change }),
    ])
    expect(well.run.outcomes).toEqual([])
    expect([well.outcome, bad.outcome]).toEqual(['passed', 'testFailed'])
    for (const { run } of [well, bad]) {
      expect(run.missing).toEqual([])
      expect(run.cleanUp.left).toEqual([])
      expect(run.defences.filter(({ what }) => what.includes('403'))).toEqual([])
      expect(run.allowedDrift).toEqual(['controller'])
      expect(await leftBehind(kube, run.runId)).toEqual([])
    }
    await caller.close()
  } finally {
    await cluster.close()
  }
})
