import { expect, test } from 'vitest'

import { oneValidator } from '../../../../test/helpers/kind-captures.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { propagated, wantedChild } from './children.ts'
import { internalService } from './internal-service.ts'
import { publishedFields } from './published.ts'

const { network, node, internalService: recordedService } = oneValidator()

test('default: a child is the one a real controller created', () => {
  const { apiVersion, kind, metadata, spec } = node
  const { name, namespace, labels, ownerReferences } = metadata
  expect(wantedChild(network, 0)).toEqual({
    apiVersion,
    kind,
    metadata: { name, namespace, labels, ownerReferences },
    spec,
  })
})

test('default: the aggregate Service is the recorded one, but for what the server fills in', () => {
  const { metadata, spec } = internalService(network)
  expect(recordedService.metadata).toMatchObject(metadata)
  expect(recordedService.spec).toMatchObject(spec)
})

test('default: endpoints are published from names alone', () => {
  const { internalService, endpoints, perPodServices } = network.status ?? {}
  expect(publishedFields(network, [node])).toEqual({ internalService, endpoints, perPodServices })
})

test('behavior: a child that has what its network dictates is left alone, its peers too', () => {
  const live: SeiNode = { ...node, spec: { ...node.spec, peers: [{ static: { addresses: ['a@b:1'] } }] } }
  expect(propagated(live, wantedChild(network, 0))).toBeUndefined()
})

test('behavior: image, sidecar, overrides and labels follow the network, also over edits by hand', () => {
  const peers = [{ static: { addresses: ['a@b:1'] } }]
  const live: SeiNode = {
    ...node,
    metadata: {
      ...node.metadata,
      labels: { ...node.metadata.labels, mine: 'yes' },
      annotations: { 'sei.io/dedicated-node': 'true' },
    },
    spec: { ...node.spec, image: 'sei/seid:mine', sidecar: { image: 'mine' }, peers },
  }
  const { sidecar: _, ...spec } = network.spec
  const changed = { ...network, spec: { ...spec, image: 'sei/seid:next' } }
  const next = propagated(live, wantedChild(changed, 0))
  expect(next?.metadata).toMatchObject({ labels: node.metadata.labels, annotations: {} })
  expect(next?.metadata.labels).not.toHaveProperty('mine')
  expect(next?.spec).toEqual({ ...node.spec, image: 'sei/seid:next', peers })
})
