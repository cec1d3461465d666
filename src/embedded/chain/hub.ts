import type { Clock } from '../clock.ts'
import { createBlockChain, genesisHash } from './block-chain.ts'
import { ChainEngine } from './engine.ts'
import type { ChainTransport, NodeHello, NodeSession, NodeView } from './types.ts'

/** Simulated milliseconds of a round without its proposer, and what each further one takes longer. */
const proposeMs = 1_000
const proposeDeltaMs = 500

/** Blocks that a voting period has at least: votes are included by blocks, which do not come faster with the clock. */
const leastPeriodBlocks = 20

/** Hosts the engines of every chain of a cluster and brings them time. */
export interface ChainHub extends ChainTransport {
  /** The node's volume is gone. A chain is dropped when its last node left and no volume holds its blocks. */
  forget(nodeId: string): void
  /** Stops all timers; nodes that are still up stay where they are. */
  close(): void
}

/**
 * @param options.blockMs milliseconds of the wall between blocks, whatever the clock's rate
 */
export function createChainHub(clock: Clock, options: { readonly blockMs: number }): ChainHub {
  const chains = new Map<string, HostedChain>()
  let severed: readonly (readonly [string, string])[] = []
  return {
    sever: (links) => {
      severed = links
      for (const chain of chains.values()) chain.sever(links)
    },
    join: async (hello, onView) => {
      const key = `${hello.genesis.chainId}/${genesisHash(hello.genesis)}`
      let chain = chains.get(key)
      // Every volume that held this chain was wiped: it starts over from its genesis.
      if (chain?.isErasedBy(hello) === true) {
        chain.close()
        chain = undefined
      }
      if (chain === undefined) {
        chain = new HostedChain(clock, options.blockMs, hello)
        chain.sever(severed)
        chains.set(key, chain)
      }
      return chain.join(hello, onView)
    },
    forget: (nodeId) => {
      for (const [key, chain] of chains) if (chain.forget(nodeId)) chains.delete(key)
    },
    close: () => {
      for (const chain of chains.values()) chain.close()
      chains.clear()
    },
  }
}

/** One engine with its timers: they run only while there is something to do. */
class HostedChain {
  readonly #engine: ChainEngine
  readonly #clock: Clock
  readonly #blockMs: number
  readonly #listeners = new Map<string, (view: NodeView) => void>()
  /** Last height of every volume seen, of nodes that are up and of those that are not. */
  readonly #stores = new Map<string, number>()
  #stopBlock: (() => void) | undefined
  #stopSecond: (() => void) | undefined
  #lastCommitMs = 0
  #closed = false

  constructor(clock: Clock, blockMs: number, hello: NodeHello) {
    const { genesis } = hello
    this.#engine = new ChainEngine(
      genesis,
      createBlockChain(genesis, { periodMs: (ms) => Math.max(ms / clock.rate, leastPeriodBlocks * blockMs) }),
    )
    this.#clock = clock
    this.#blockMs = blockMs
  }

  isErasedBy(hello: NodeHello): boolean {
    if (hello.height > 0 || this.#engine.size > 0 || this.#engine.chain.tip === 0) return false
    return [...this.#stores].every(([nodeId, height]) => nodeId === hello.nodeId || height === 0)
  }

  join(hello: NodeHello, onView: (view: NodeView) => void): NodeSession {
    const { nodeId } = hello
    this.#engine.join(hello)
    this.#listeners.set(nodeId, onView)
    this.#run()
    this.#engine.replay(nodeId)
    this.#run()
    return {
      query: async (kind, ...args) => this.#engine.query(nodeId, kind, args),
      leave: () => {
        // A successor of the same node may have joined already.
        if (this.#listeners.get(nodeId) !== onView) return
        this.#listeners.delete(nodeId)
        this.#engine.leave(nodeId)
        this.#run()
      },
    }
  }

  sever(links: readonly (readonly [string, string])[]): void {
    this.#engine.sever(links)
    this.#run()
  }

  /** True when nothing is left of the chain. */
  forget(nodeId: string): boolean {
    if (!this.#listeners.has(nodeId)) this.#stores.delete(nodeId)
    if (this.#engine.size > 0 || this.#stores.size > 0) return false
    this.close()
    return true
  }

  close(): void {
    this.#closed = true
    this.#stopBlock?.()
    this.#stopSecond?.()
  }

  /** Reports what changed and arms the timers that have work. */
  #run(): void {
    this.#engine.takeChanged((nodeId, view) => {
      this.#stores.set(nodeId, view.height)
      this.#listeners.get(nodeId)?.(view)
    })
    if (this.#closed || this.#engine.size === 0) return
    this.#stopSecond ??= this.#clock.after(1_000, () => this.#second())
    if (this.#stopBlock === undefined) this.#armBlock()
  }

  #second(): void {
    this.#stopSecond = undefined
    // Without movement there is nothing to look at until a commit, a join or a leave runs this again.
    if (this.#engine.second()) this.#run()
  }

  #armBlock(): void {
    const skipped = this.#engine.skippedRounds()
    if (skipped === undefined) return
    const roundsMs = skipped * proposeMs + ((skipped * (skipped - 1)) / 2) * proposeDeltaMs
    const dueMs = this.#lastCommitMs + this.#blockMs + roundsMs / this.#clock.rate
    const { wall } = this.#clock
    this.#stopBlock = wall.after(Math.max(0, dueMs - wall.now()), () => this.#commit(dueMs))
  }

  #commit(dueMs: number): void {
    this.#stopBlock = undefined
    const now = this.#clock.wall.now()
    // A late timer does not move the beat; after a pause the beat starts anew.
    this.#lastCommitMs = now - dueMs < this.#blockMs ? dueMs : now
    if (this.#engine.commit(this.#clock.now().getTime())) this.#run()
  }
}
