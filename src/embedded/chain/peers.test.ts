import { expect, test } from 'vitest'

import { PeerGraph } from './peers.ts'

/** Four nodes, each of which dials all others. */
function mesh(): PeerGraph {
  const graph = new PeerGraph()
  const ids = ['a', 'b', 'c', 'd']
  for (const id of ids) {
    const persistentPeers = ids.filter((other) => other !== id).map((other) => `${other}@${other}:26656`)
    graph.join({ id, persistentPeers, peerExchange: true })
  }
  return graph
}

const linked = (graph: PeerGraph, id: string): string[] => [...graph.live(id)].toSorted()

test('behavior: who is cut off from all others is alone, whatever the others tell of him', () => {
  const graph = mesh()
  graph.sever(['b', 'c', 'd'].map((other) => ['a', other] as const))
  expect(linked(graph, 'a')).toEqual([])
  expect([...graph.component('b')].toSorted()).toEqual(['b', 'c', 'd'])
  for (let round = 0; round < 3; round += 1) graph.exchange()
  expect(linked(graph, 'a')).toEqual([])
})

test('behavior: one link that is left keeps both halves together', () => {
  const graph = mesh()
  graph.sever([
    ['a', 'c'],
    ['a', 'd'],
    ['d', 'b'],
  ])
  expect([...graph.component('a')].toSorted()).toEqual(['a', 'b', 'c', 'd'])
  expect(linked(graph, 'a')).toEqual(['b'])
})

test('behavior: what is no longer cut is linked again, also to a node that came in the meantime', () => {
  const graph = mesh()
  graph.sever([['a', 'b']])
  graph.leave('b')
  graph.join({ id: 'b', persistentPeers: ['a@a:26656'], peerExchange: false })
  expect(linked(graph, 'b')).toEqual(['c', 'd'])
  graph.sever([])
  expect(linked(graph, 'b')).toEqual(['a', 'c', 'd'])
})
