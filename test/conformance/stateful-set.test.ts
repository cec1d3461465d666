import { afterAll, beforeAll, expect, test } from 'vitest'

import { namespaces, pods, statefulSets } from '../../src/contract/kinds.ts'
import type { Pod, StatefulSet } from '../../src/contract/objects.ts'
import { record, startTestCluster, until, type TestCluster } from '../helpers/embedded-cluster.ts'

const namespace = 'sets'
let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster()
  const metadata = { name: namespace }
  await cluster.kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata })
})
afterAll(() => cluster.close())

function webSet(image: string): StatefulSet {
  const labels = { app: 'web' }
  const spec = { containers: [{ name: 'web', image }] }
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace },
    spec: {
      replicas: 2,
      serviceName: 'web',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  }
}

test('behavior: a set that says nothing else rolls a new template out, last pod first, one at a time', async () => {
  const { kube } = cluster
  const ref = { name: 'web', namespace }
  await kube.create(statefulSets, webSet('web:1'))
  await until<StatefulSet>(kube, statefulSets, ref, (set) => set.status?.readyReplicas === 2)
  const seen = record<Pod>(kube, pods, namespace)
  await kube.patch(
    statefulSets,
    ref,
    { spec: { template: webSet('web:2').spec.template } },
    { type: 'merge' },
  )
  const { status } = await until<StatefulSet>(
    kube,
    statefulSets,
    ref,
    (set) => set.status?.observedGeneration === 2 && set.status.updateRevision === set.status.currentRevision,
  )
  expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, updatedReplicas: 2, currentReplicas: 2 })
  const born = (name: string): string =>
    seen.get(name)?.find((pod) => pod.spec.containers[0]?.image === 'web:2')?.metadata.resourceVersion ?? ''
  expect(Number(born('web-1'))).toBeLessThan(Number(born('web-0')))
})
