import { expect, test } from 'vitest'
import {
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  services,
  type ResourceType,
} from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import type { ObjectMeta } from '../contract/objects.ts'
import { closureOf, describeOwned, type FoundObject } from './closure.ts'

function found(type: ResourceType, metadata: ObjectMeta, more: object = {}): FoundObject {
  const object = {
    apiVersion: 'v1',
    kind: type.kind,
    metadata: { namespace: 'ns', uid: metadata.name, ...metadata },
  }
  return { type, object: { ...object, ...more } }
}

function owner(name: string): Pick<ObjectMeta, 'ownerReferences'> {
  return { ownerReferences: [{ apiVersion: 'x', kind: 'y', name, uid: name }] }
}

const run = { [labels.harnessRun]: 'r1' }

const cluster: FoundObject[] = [
  // Before its owner: the order of lists must not matter.
  found(pods, { name: 'net-0-0', labels: { [labels.node]: 'net-0' } }),
  found(seiNodes, { name: 'net-0', ...owner('net') }),
  found(seiNetworks, { name: 'net', labels: run }),
  found(services, { name: 'net-internal', labels: { [labels.nodeDeployment]: 'net' } }),
  found(configMaps, { name: 'net-0-rbac-proxy-config', labels: { [labels.node]: 'net-0' } }),
  found(persistentVolumeClaims, { name: 'data-net-0' }),
  found(persistentVolumes, { name: 'pv-1' }, { spec: { claimRef: { namespace: 'ns', name: 'data-net-0' } } }),
  found(seiNodeTasks, { name: 'vote' }, { spec: { target: { nodeRef: { name: 'net-0' } } } }),
]

const strangers: FoundObject[] = [
  found(seiNetworks, { name: 'theirs', labels: { [labels.harnessRun]: 'r2' } }),
  found(pods, { name: 'theirs-0-0', labels: { [labels.node]: 'theirs-0' } }),
  found(pods, { name: 'twin', namespace: 'elsewhere', labels: { [labels.node]: 'net-0' } }),
  found(persistentVolumeClaims, { name: 'data-theirs-0' }),
  found(services, { name: 'kubernetes' }),
]

function names(scope: Parameters<typeof closureOf>[1], objects = [...cluster, ...strangers]): string[] {
  return closureOf(objects, scope)
    .map(({ name }) => name)
    .sort()
}

test('default: a run owns what carries its label and all that is reached from it, and nothing else', () => {
  expect(names({ run: 'r1' })).toEqual(cluster.map(({ object }) => object.metadata.name).sort())
  expect(names({ run: 'r3' })).toEqual([])
})

test('behavior: what is named is reached also when it is gone itself', () => {
  const left = cluster.filter(({ type }) => type !== seiNetworks && type !== seiNodes)
  const scope = {
    networks: [{ namespace: 'ns', name: 'net' }],
    nodes: [{ namespace: 'ns', name: 'net-0' }],
  }
  expect(names(scope, [...left, ...strangers])).toEqual(left.map(({ object }) => object.metadata.name).sort())
})

test('behavior: only these means only these', () => {
  expect(names({ only: ['net'] })).toEqual(['net'])
})

test('default: what is left says what holds it', () => {
  const held = found(seiNodes, {
    name: 'net-0',
    deletionTimestamp: 't',
    finalizers: ['sei.io/x'],
    labels: run,
  })
  expect(closureOf([held], { run: 'r1' }).map(describeOwned)).toEqual([
    'SeiNode ns/net-0 (deleting, held by finalizer sei.io/x)',
  ])
})
