import { expect, test } from 'vitest'

import type { PeerSource, SeiNode } from '../../../contract/crds/head/seinode.ts'
import { type PeerResolution, resolvePeers } from './peers.ts'

function nodeOf(name: string, labels: Record<string, string>, extra: Partial<SeiNode['spec']> = {}): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name, namespace: 'ns', uid: name, labels },
    spec: { chainId: 'c', image: 'i', fullNode: {}, ...extra },
  }
}

const net = { 'sei.io/seinetwork': 'net' }
const byLabel: PeerSource = { label: { selector: net } }

function resolution(nodes: readonly SeiNode[], ids: Record<string, string>): PeerResolution {
  return {
    nodesIn: (namespace) => nodes.filter((node) => node.metadata.namespace === namespace),
    nodeId: (node) => Promise.resolve(ids[node.metadata.name]),
  }
}

const at = (id: string, name: string): string => `${id}@${name}-0.${name}.ns.svc.cluster.local:26656`

test('default: nodes that fit the selector, without the node itself, sorted', async () => {
  const self = nodeOf('net-rpc-0', net, { peers: [byLabel] })
  const nodes = [self, nodeOf('net-1', net), nodeOf('net-0', net), nodeOf('other', {})]
  const ids = { 'net-0': 'bb', 'net-1': 'aa', 'net-rpc-0': 'cc', other: 'dd' }
  expect(await resolvePeers(self, resolution(nodes, ids))).toEqual([at('aa', 'net-1'), at('bb', 'net-0')])
})

test('behavior: a peer that does not answer keeps its entry, one that never did is left out', async () => {
  const self: SeiNode = {
    ...nodeOf('n', net, { peers: [byLabel] }),
    status: { resolvedPeers: [at('aa', 'net-0')] },
  }
  const nodes = [nodeOf('net-0', net), nodeOf('net-1', net)]
  expect(await resolvePeers(self, resolution(nodes, {}))).toEqual([at('aa', 'net-0')])
})

test('behavior: static addresses are taken as they are, duplicates once, external addresses win', async () => {
  const peers = [byLabel, { static: { addresses: ['zz@host:1', 'zz@host:1'] } }]
  const self = nodeOf('n', {}, { peers })
  const nodes = [nodeOf('net-0', net, { externalAddress: 'public:5' })]
  expect(await resolvePeers(self, resolution(nodes, { 'net-0': 'aa' }))).toEqual(['aa@public:5', 'zz@host:1'])
})

test('behavior: a selector looks in its own namespace alone', async () => {
  const self = nodeOf('n', net, { peers: [{ label: { selector: net, namespace: 'elsewhere' } }] })
  expect(await resolvePeers(self, resolution([nodeOf('net-0', net)], { 'net-0': 'aa' }))).toEqual([])
})
