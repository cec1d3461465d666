import { createBlockChain, type BlockChain } from './block-chain.ts'
import { isReady, storeHeight, type EngineNode } from './engine-node.ts'
import { viewOf } from './node-view.ts'
import { PeerGraph } from './peers.ts'
import { answerQuery } from './queries.ts'
import { flagsOf, holdsQuorum, roundStateOf } from './round-state.ts'
import type { ChainQueries, ChainQuery } from './messages.ts'
import type { ChainGenesis, NodeHello, NodeView } from './types.ts'
import { firstHalt, type NodeHalt } from './upgrade/decide.ts'
import { rotate } from './validator-set.ts'

/** Blocks a syncing node fetches in a simulated second; a real follower was seen at about this on an idle chain. */
const syncBlocksPerSecond = 100

interface Turn {
  /** The nodes that are linked with each other. */
  readonly nodes: readonly EngineNode[]
  /** Height after which they decide. */
  readonly height: number
  /** By validator index: who votes. */
  readonly votes: readonly boolean[]
}

/**
 * One chain: its history and the nodes that are up. A pure state machine: the caller brings time by calling `commit`
 * and `second`, and reads what changed through `takeChanged`.
 */
export class ChainEngine {
  readonly chain: BlockChain
  readonly genesis: ChainGenesis
  readonly #nodes = new Map<string, EngineNode>()
  readonly #graph = new PeerGraph()
  readonly #changed = new Set<EngineNode>()

  constructor(genesis: ChainGenesis, chain: BlockChain = createBlockChain(genesis)) {
    this.genesis = genesis
    this.chain = chain
  }

  get size(): number {
    return this.#nodes.size
  }

  join(hello: NodeHello): void {
    if (this.#nodes.has(hello.nodeId)) this.leave(hello.nodeId)
    const validator =
      hello.validator === undefined ? -1 : this.chain.validators.indexOf(hello.validator.address)
    const node: EngineNode = {
      id: hello.nodeId,
      hello,
      validator,
      signs: validator >= 0 && hello.mode === 'validator',
      haltAt: hello.haltAtHeight ?? Number.POSITIVE_INFINITY,
      height: Math.min(hello.height, this.chain.tip),
      base: hello.base ?? 1,
      // Only the sole validator of a genesis that lists it skips block sync.
      catchingUp: !(validator >= 0 && this.chain.validators.members.length === 1),
      peers: undefined,
      hasExecuted: false,
      halt: undefined,
      waits: false,
    }
    this.#nodes.set(node.id, node)
    this.#graph.join({
      id: node.id,
      persistentPeers: hello.persistentPeers,
      peerExchange: hello.peerExchange ?? true,
      address: hello.p2pAddress,
    })
    this.#changed.add(node)
    this.#linksChanged()
  }

  /** The handshake of a node that has joined: it executes a block that it had stored and not executed. */
  replay(id: string): void {
    const node = this.#nodes.get(id)
    const stored = Math.min(node?.hello.storedHeight ?? 0, this.chain.tip)
    if (node !== undefined && stored > node.height) this.#advance(node, stored)
  }

  leave(id: string): void {
    const node = this.#nodes.get(id)
    if (node === undefined) return
    this.#nodes.delete(id)
    this.#changed.delete(node)
    this.#graph.leave(id)
    this.#linksChanged()
  }

  /** Cuts the links between these pairs of nodes, for as long as they are named, and no others. */
  sever(links: readonly (readonly [string, string])[]): void {
    this.#graph.sever(links)
    this.#linksChanged()
  }

  /** Rounds of the next height that pass without a block because their proposer is not there; undefined: no quorum. */
  skippedRounds(): number | undefined {
    const turn = this.#turnWithQuorum()
    return turn === undefined ? undefined : this.#decide(turn).round
  }

  /** Commits the next block if linked validators hold more than two thirds; false when nothing could be committed. */
  commit(nowMs: number): boolean {
    const turn = this.#turnWithQuorum()
    if (turn === undefined) return false
    // Nodes that lost blocks the chain once decided (wiped volumes) decide the same ones again.
    if (turn.height === this.chain.tip) {
      const { round, proposer } = this.#decide(turn)
      const address = this.chain.validators.members[proposer]?.address ?? ''
      this.chain.append({ timeMs: nowMs, round, proposer: address, signed: turn.votes })
    }
    const ready = turn.nodes.filter((node) => isReady(node, turn.height))
    const block = turn.height + 1
    const nobodyCan = ready.every((node) => this.#haltOf(node, block) !== undefined)
    for (const node of ready) {
      node.waits =
        nobodyCan && node.hello.binary.survives && this.#haltOf(node, block)?.upgrade?.reason === 70
      if (node.waits) this.#changed.add(node)
      else this.#advance(node, block)
    }
    return true
  }

  /**
   * A second passes: one round of peer exchange, block sync of those behind, and the decision to leave block sync.
   * False when nothing moved, and nothing will until a block is committed or a node comes or goes.
   */
  second(): boolean {
    let moved = this.#graph.exchange()
    if (moved) this.#linksChanged()
    for (const node of this.#nodes.values()) moved = this.#sync(node) || moved
    return moved
  }

  view(id: string): NodeView | undefined {
    const node = this.#nodes.get(id)
    return node === undefined ? undefined : this.#viewOf(node)
  }

  /** Hands every view that changed since the last call to `report`. */
  takeChanged(report: (id: string, view: NodeView) => void): void {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const node of changed) report(node.id, this.#viewOf(node))
  }

  query<K extends ChainQuery>(id: string, kind: K, args: ChainQueries[K]['args']): ChainQueries[K]['result'] {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Error(`node ${id} has left the chain`)
    return answerQuery(kind, args, {
      chain: this.chain,
      height: storeHeight(node),
      appHeight: node.height,
      binary: node.hello.binary,
      peers: () => this.#graph.book(id),
      roundState: () => {
        const { nodes: linked, votes } = this.#turn(node)
        return roundStateOf(this.chain, node, { genesis: this.genesis, linked, votes })
      },
    })
  }

  #sync(node: EngineNode): boolean {
    if (node.halt !== undefined) return false
    if (node.height === 0 && node.hello.stateSync === true) return this.#restore(node)
    const best = this.#bestPeer(node)
    const limit = Math.min(node.haltAt, node.catchingUp ? best - 1 : best)
    const target = Math.min(limit, node.height + syncBlocksPerSecond)
    const moved = target > node.height
    if (moved) this.#advance(node, target)
    const handsOver =
      node.catchingUp && this.#graph.live(node.id).size >= 2 && node.height >= Math.min(best - 1, node.haltAt)
    if (!handsOver) return moved
    node.catchingUp = false
    this.#changed.add(node)
    return true
  }

  /** State sync: the newest snapshot that a peer keeps becomes the beginning of its store. */
  #restore(node: EngineNode): boolean {
    let newest = 0
    for (const id of this.#graph.live(node.id)) {
      const peer = this.#nodes.get(id)
      const interval = peer?.hello.snapshotInterval ?? 0
      if (peer !== undefined && interval > 0)
        newest = Math.max(newest, Math.floor(peer.height / interval) * interval)
    }
    if (newest === 0) return false
    node.height = newest
    node.base = newest
    this.#changed.add(node)
    return true
  }

  /** Executes the blocks up to `height`, or up to the first that it cannot execute. */
  #advance(node: EngineNode, height: number): void {
    const from = node.height + 1
    node.halt = this.#haltOf(node, height)
    const reached = node.halt === undefined ? height : node.halt.block - 1
    if (reached >= from) {
      this.chain.plans.executed(from, reached, node.hello.binary)
      node.hasExecuted = true
    }
    node.height = reached
    node.waits = false
    this.#changed.add(node)
  }

  #haltOf({ height, hasExecuted, hello }: EngineNode, to: number): NodeHalt | undefined {
    const { failsAt } = hello
    // Asked for every node at every block.
    if (failsAt === undefined && !this.chain.plans.hasAny) return undefined
    const from = height + 1
    const upgrade = firstHalt(this.chain.plans, hello.binary, { from, to, isFirst: !hasExecuted })
    // A height that the node has passed already is its next block.
    const own = failsAt !== undefined && failsAt.height <= to ? Math.max(failsAt.height, from) : undefined
    return own !== undefined && own < (upgrade?.block ?? Number.POSITIVE_INFINITY) ? { block: own } : upgrade
  }

  /** Links came or went: views show peers, and everyone's quorum may differ. */
  #linksChanged(): void {
    for (const node of this.#nodes.values()) {
      node.peers = undefined
      this.#changed.add(node)
    }
  }

  #bestPeer(node: EngineNode): number {
    let best = 0
    for (const id of this.#graph.live(node.id)) best = Math.max(best, this.#nodes.get(id)?.height ?? 0)
    return best
  }

  #turnWithQuorum(): Turn | undefined {
    const seen = new Set<string>()
    for (const node of this.#nodes.values()) {
      if (!node.signs || node.catchingUp || seen.has(node.id)) continue
      const turn = this.#turn(node)
      for (const member of turn.nodes) seen.add(member.id)
      if (holdsQuorum(this.chain.validators, turn.votes)) return turn
    }
    return undefined
  }

  /** Who of the nodes linked with `node` votes on the block after the highest of them. */
  #turn(node: EngineNode): Turn {
    const nodes: EngineNode[] = []
    for (const id of this.#graph.component(node.id)) {
      const member = this.#nodes.get(id)
      if (member !== undefined) nodes.push(member)
    }
    const height = nodes.reduce((highest, member) => Math.max(highest, member.height), 0)
    const votes = flagsOf(
      this.chain.validators,
      nodes.filter((member) => isReady(member, height) && !member.waits),
    )
    return { nodes, height, votes }
  }

  /** The first round whose proposer is there. */
  #decide(turn: Turn): { round: number; proposer: number } {
    let next = rotate(this.chain.validators, this.chain.priorities)
    let round = 0
    while (turn.votes[next.proposer] !== true) {
      next = rotate(this.chain.validators, next.priorities)
      round += 1
    }
    return { round, proposer: next.proposer }
  }

  #viewOf(node: EngineNode): NodeView {
    node.peers ??= [...this.#graph.live(node.id)]
    return viewOf(this.chain, node, { peers: node.peers, maxPeerHeight: this.#bestPeer(node) })
  }
}
