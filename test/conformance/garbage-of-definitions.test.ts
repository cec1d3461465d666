import { afterEach, beforeEach, expect, test } from 'vitest'

import {
  customResourceDefinitions,
  endpointSlices,
  namespaces,
  secrets,
  seiNodeTasks,
  services,
  type ResourceType,
} from '../../src/contract/kinds.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import { until, untilGone } from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'
import { definition } from '../helpers/conformance-widgets.ts'

const namespace = 'young'
const at = (name: string): { namespace: string; name: string } => ({ namespace, name })
let alone: ControllersAlone

// For each test a cluster in which nothing was ever deleted: its collector watches little yet.
beforeEach(async () => {
  alone = await startControllersAlone()
  await alone.kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})
afterEach(() => alone.close())

async function makeFamily(
  type: ResourceType,
  spec: object,
  child: ResourceType,
  more: object,
): Promise<void> {
  const { kube } = alone
  const apiVersion = `${type.group}/${type.version}`
  const own = { apiVersion, kind: type.kind, metadata: at('owner'), spec }
  const { metadata } = await kube.create<KubeObject>(type, own)
  const ownerReferences = [{ apiVersion, kind: type.kind, name: 'owner', uid: metadata.uid ?? '' }]
  const born = { apiVersion: 'v1', kind: child.kind, metadata: { ...at('child'), ownerReferences }, ...more }
  await kube.create<KubeObject>(child, born)
}

test('behavior: a child goes with an owner of a kind that nothing else here watches', async () => {
  const spec = { kind: 'MarkReady', target: { nodeRef: { name: 'n' } }, markReady: {} }
  await makeFamily(seiNodeTasks, spec, services, { spec: { ports: [{ port: 80 }], selector: { a: 'b' } } })
  // By the time that the service has its slice, the collector has seen the owner alive too.
  await until(alone.kube, endpointSlices, { namespace }, () => true)
  await alone.kube.delete(seiNodeTasks, at('owner'))
  await untilGone(alone.kube, services, at('child'))
})

test('behavior: neither the owner nor the child need be of a kind that was there from the start', async () => {
  const widgets: ResourceType = {
    group: 'test.dev',
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    namespaced: true,
  }
  const crd = definition('Widget', 'widgets', true)
  await alone.kube.create(customResourceDefinitions, crd as unknown as KubeObject)
  await makeFamily(widgets, { kind: 'k' }, secrets, {})
  await alone.kube.delete(widgets, at('owner'))
  await untilGone(alone.kube, secrets, at('child'))
  expect(await alone.kube.find(widgets, at('owner'))).toBeUndefined()
})
