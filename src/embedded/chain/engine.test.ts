import { describe, expect, test } from 'vitest'
import { genesisOf, nodeIdOf, peerOf } from '../../../test/helpers/seid-chain.ts'
import { createBlockChain } from './block-chain.ts'
import { ChainEngine } from './engine.ts'
import type { NodeHello, NodeView } from './types.ts'

type Extra = Partial<
  Pick<
    NodeHello,
    | 'base'
    | 'haltAtHeight'
    | 'height'
    | 'mode'
    | 'peerExchange'
    | 'persistentPeers'
    | 'snapshotInterval'
    | 'stateSync'
  >
>

/** An engine with the nodes of its validators; time passes only when a test says so. */
class Network {
  readonly engine: ChainEngine
  readonly #powers: readonly number[]
  #now = Date.parse('2026-11-21T12:32:20.853Z')

  constructor(powers: readonly number[], kept?: number) {
    this.#powers = powers
    const genesis = genesisOf(powers)
    this.engine = new ChainEngine(genesis, createBlockChain(genesis, { kept }))
    for (const index of powers.keys()) this.join(index)
  }

  join(index: number, extra: Extra = {}): void {
    const validator = this.engine.genesis.validators[index]
    this.engine.join({
      nodeId: nodeIdOf(index),
      genesis: this.engine.genesis,
      mode: validator === undefined ? 'full' : 'validator',
      validator,
      persistentPeers: [...this.#powers.keys()].filter((peer) => peer !== index).map(peerOf),
      height: 0,
      binary: { upTo: [6, 7], names: [], skips: [], survives: false, forksAt: Number.POSITIVE_INFINITY },
      ...extra,
    })
  }

  leave(index: number): void {
    this.engine.leave(nodeIdOf(index))
  }

  seconds(count: number): void {
    for (let i = 0; i < count; i += 1) this.engine.second()
  }

  /** Lets `count` blocks fall due; each is committed or not. */
  blocks(count: number): number {
    let committed = 0
    for (let i = 0; i < count; i += 1) {
      this.#now += 100
      if (this.engine.commit(this.#now)) committed += 1
    }
    return committed
  }

  view(index: number): NodeView {
    const view = this.engine.view(nodeIdOf(index))
    if (view === undefined) throw new Error(`node ${index} is not up`)
    return view
  }

  round(index: number): { step: number; prevotes: readonly boolean[]; precommits: readonly boolean[] } {
    return this.engine.query(nodeIdOf(index), 'consensusState', [])
  }
}

describe('start', () => {
  test('default: four validators leave block sync after a second and then commit', () => {
    const network = new Network([10, 10, 10, 10])
    expect(network.view(0)).toMatchObject({ height: 0, catchingUp: true, blockHash: '' })
    expect(network.blocks(3)).toBe(0)
    network.seconds(1)
    expect(network.view(0)).toMatchObject({ height: 0, catchingUp: false })
    expect(network.blocks(3)).toBe(3)
    expect(network.view(3)).toMatchObject({ height: 3, earliestHeight: 1, votingPower: 10 })
  })

  test('behavior: two validators never start, as each has one peer', () => {
    const network = new Network([10, 10])
    network.seconds(500)
    expect(network.blocks(10)).toBe(0)
    expect(network.view(0)).toMatchObject({ height: 0, catchingUp: true })
    expect(network.view(1)).toMatchObject({ height: 0, catchingUp: true })
  })

  test('behavior: the sole validator of a genesis starts at once, without peers', () => {
    const network = new Network([10])
    expect(network.view(0).catchingUp).toBe(false)
    expect(network.blocks(2)).toBe(2)
  })

  test('behavior: a validator key in full mode loads but does not sign', () => {
    const network = new Network([10, 10, 10])
    network.leave(2)
    network.join(2, { mode: 'full' })
    network.seconds(2)
    expect(network.view(2)).toMatchObject({ catchingUp: false, votingPower: 10 })
    expect(network.blocks(5)).toBe(0)
  })
})

describe('quorum', () => {
  test('behavior: with half of the power gone the height freezes and the votes show the share', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    network.leave(2)
    network.leave(3)
    expect(network.blocks(20)).toBe(0)
    expect(network.view(0)).toMatchObject({ height: 5, catchingUp: false })
    const { step, prevotes, precommits } = network.round(0)
    expect(step).toBe(4)
    expect(prevotes.filter(Boolean)).toHaveLength(2)
    expect(precommits).toEqual([false, false, false, false])
  })

  test('behavior: exactly two thirds are no quorum', () => {
    const network = new Network([10, 10, 10])
    network.seconds(1)
    expect(network.blocks(2)).toBe(2)
    network.leave(0)
    expect(network.blocks(5)).toBe(0)
  })

  test('behavior: power counts, not heads', () => {
    const network = new Network([70, 10, 10, 10])
    network.seconds(1)
    network.leave(2)
    network.leave(3)
    expect(network.blocks(2)).toBe(2)
    network.join(2)
    network.join(3)
    network.leave(0)
    network.seconds(3)
    expect(network.blocks(5)).toBe(0)
  })

  test('behavior: power that returns votes again once it has left block sync', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    network.leave(2)
    network.leave(3)
    network.blocks(3)
    network.join(2, { height: 5 })
    network.join(3, { height: 5 })
    expect(network.view(2).catchingUp).toBe(true)
    expect(network.blocks(1)).toBe(0)
    network.seconds(1)
    expect(network.blocks(4)).toBe(4)
    expect(network.view(3).height).toBe(9)
  })

  test('behavior: the commit of a block names who signed it and the round it took', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(1)
    const absent = network.engine.chain.validators.members.findIndex(
      ({ address }) => address === network.engine.genesis.validators[3]?.address,
    )
    network.leave(3)
    network.blocks(8)
    const blocks = [2, 3, 4, 5, 6, 7, 8, 9].map((height) => network.engine.chain.at(height))
    for (const block of blocks) expect(block?.commit.signed[absent]).toBe(false)
    // Every fourth turn is that of the absent proposer, and costs a round.
    expect(blocks.filter((block) => block?.commit.round === 1)).toHaveLength(2)
    expect(blocks.filter((block) => block?.commit.round === 0)).toHaveLength(6)
  })
})

describe('catching up', () => {
  test('behavior: it is a latch: neither lost quorum nor isolation sets it again', () => {
    const network = new Network([10, 10, 10, 10])
    network.join(4)
    network.seconds(2)
    network.blocks(3)
    for (const index of [0, 1, 2, 3]) network.leave(index)
    network.seconds(100)
    expect(network.view(4)).toMatchObject({ catchingUp: false, height: 3, peers: [] })
  })

  test('behavior: a follower far behind catches up over several seconds', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(350)
    network.join(4)
    network.seconds(1)
    expect(network.view(4)).toMatchObject({ height: 100, catchingUp: true, maxPeerHeight: 350 })
    network.seconds(3)
    expect(network.view(4)).toMatchObject({ height: 349, catchingUp: false })
    network.seconds(1)
    expect(network.view(4).height).toBe(350)
    network.blocks(1)
    expect(network.view(4).height).toBe(351)
  })

  test('behavior: a follower with the only peer there is stays one block behind and never leaves block sync', () => {
    const network = new Network([10])
    network.blocks(20)
    network.join(1)
    for (let i = 0; i < 50; i += 1) {
      network.blocks(1)
      network.seconds(10)
    }
    expect(network.view(0).height).toBe(70)
    expect(network.view(1)).toMatchObject({ height: 69, catchingUp: true })
  })

  test('behavior: one configured peer is enough where peer exchange brings others', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    network.join(4, { persistentPeers: [peerOf(0)] })
    expect(network.view(4).peers).toEqual([nodeIdOf(0)])
    network.seconds(2)
    expect(network.view(4).peers).toHaveLength(4)
    expect(network.view(4).catchingUp).toBe(false)
  })

  test('behavior: without peer exchange of its own it is still dialled by those who heard of it', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    network.join(4, { persistentPeers: [peerOf(0)], peerExchange: false })
    network.seconds(2)
    expect(network.view(4).peers.length).toBeGreaterThanOrEqual(2)
  })

  test('behavior: a follower without peers stays at height 0', () => {
    const network = new Network([10, 10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    network.join(4, { persistentPeers: [] })
    network.seconds(50)
    expect(network.view(4)).toMatchObject({ height: 0, catchingUp: true, peers: [], maxPeerHeight: 0 })
  })
})

describe('halt', () => {
  test('behavior: ordered for all validators the chain stops there, decided but not executed', () => {
    const network = new Network([10, 10, 10, 10])
    for (const index of [0, 1, 2, 3]) {
      network.leave(index)
      network.join(index, { haltAtHeight: 6 })
    }
    network.seconds(1)
    expect(network.blocks(20)).toBe(6)
    expect(network.view(1)).toMatchObject({ height: 6, catchingUp: false })
    expect(network.round(1)).toMatchObject({ step: 8, precommits: [true, true, true, true] })
  })

  test('behavior: ordered for one validator the others go on', () => {
    const network = new Network([10, 10, 10, 10])
    network.leave(0)
    network.join(0, { haltAtHeight: 6 })
    network.seconds(1)
    expect(network.blocks(20)).toBe(20)
    network.seconds(5)
    expect(network.view(0).height).toBe(6)
    expect(network.view(1).height).toBe(20)
  })
})

describe('history', () => {
  test('default: blocks are linked by their hashes, and the header has the state before it', () => {
    const network = new Network([10])
    network.blocks(3)
    const [one, two] = [network.engine.chain.at(1), network.engine.chain.at(2)]
    expect(two?.lastCommit).toEqual(one?.commit)
    expect(two?.appHash).toBe(one?.stateHash)
    expect(one?.commit.hash).toMatch(/^[0-9A-F]{64}$/)
    expect(one?.commit.hash).not.toBe(two?.commit.hash)
  })

  test('default: proposers take turns by power', () => {
    const network = new Network([30, 10])
    network.join(2)
    network.join(3)
    network.seconds(2)
    network.blocks(40)
    const proposers = Array.from({ length: 40 }, (_, i) => network.engine.chain.at(i + 1)?.proposer)
    const [heavy] = network.engine.chain.validators.members
    expect(proposers.filter((proposer) => proposer === heavy?.address)).toHaveLength(30)
  })

  test('behavior: all nodes restarting keep the history and go on from it', () => {
    const network = new Network([10, 10, 10])
    network.seconds(1)
    network.blocks(5)
    const hash = network.view(0).blockHash
    for (const index of [0, 1, 2]) network.leave(index)
    for (const index of [0, 1, 2]) network.join(index, { height: 5 })
    expect(network.view(0)).toMatchObject({ height: 5, blockHash: hash, catchingUp: true })
    network.seconds(1)
    network.blocks(1)
    expect(network.view(0).height).toBe(6)
    expect(network.engine.chain.at(6)?.lastCommit?.hash).toBe(hash)
  })

  test('behavior: old blocks are pruned, and the views say from where on there are some', () => {
    const network = new Network([10], 50)
    network.blocks(80)
    expect(network.view(0)).toMatchObject({ height: 80, earliestHeight: 31 })
    expect(network.engine.query(nodeIdOf(0), 'block', [30])).toBeUndefined()
    expect(network.engine.query(nodeIdOf(0), 'block', [31])?.height).toBe(31)
  })
})

describe('state sync', () => {
  test('default: an empty store begins at the newest snapshot of a peer and goes on from there', () => {
    const network = new Network([10, 10, 10])
    network.join(0, { snapshotInterval: 10 })
    network.seconds(1)
    network.blocks(25)
    network.join(3, { stateSync: true })
    network.seconds(1)
    expect(network.view(3)).toMatchObject({ height: 20, base: 20, earliestHeight: 20, catchingUp: true })
    network.seconds(2)
    expect(network.view(3)).toMatchObject({ height: 25, earliestHeight: 20, catchingUp: false })
    // What it began with stays its beginning.
    network.join(3, { stateSync: true, height: 25, base: 20 })
    expect(network.view(3)).toMatchObject({ height: 25, earliestHeight: 20 })
  })

  test('error: without a snapshot anywhere it waits', () => {
    const network = new Network([10, 10, 10])
    network.seconds(1)
    network.blocks(25)
    network.join(3, { stateSync: true })
    network.seconds(5)
    expect(network.view(3)).toMatchObject({ height: 0, earliestHeight: 0, catchingUp: true })
  })
})
