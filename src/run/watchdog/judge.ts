import type { HaltIntent } from '../../contract/halts.ts'
import { BlockClock } from './block-clock.ts'
import type { Patience } from './patience.ts'
import type { NodeAnswer, NodeSample, Sample } from './sample.ts'

/** Something that looks like a loss, before anyone has said whether it was expected. */
export type Suspicion =
  | { readonly cause: 'halt'; readonly node: string; readonly height: number; readonly intent: HaltIntent }
  | { readonly cause: 'fork'; readonly height: number; readonly hashes: readonly NodeHash[] }
  | { readonly cause: 'stall'; readonly height: number; readonly quietMs: number }
  | {
      readonly cause: 'follower'
      readonly node: string
      readonly height: number
      readonly tip: number
      readonly quietMs: number
      readonly silence?: string | undefined
    }

export interface NodeHash {
  readonly node: string
  readonly hash: string
}

interface Watched {
  height: number
  /** How long it has stood while the network went on, ms of attention. */
  behindMs: number
  answer?: NodeAnswer | undefined
  /** Whether it answered when it was last asked. */
  answers: boolean
  /** Its voting power when it last answered. */
  power: number
  validator: boolean
}

/** Blocks that a network must be ahead of a node that stands, beside the time. */
const leastLag = 10
/** Heights for which block hashes are kept to compare. */
const keptHeights = 200

/**
 * Judges a network by looks at its nodes. A pure state machine over samples and the attention that each is worth: time
 * comes from the caller alone.
 */
export class NetworkJudge {
  readonly #patience: Patience
  readonly #clock: BlockClock
  readonly #nodes = new Map<string, Watched>()
  readonly #hashes = new Map<number, NodeHash>()
  #tip = 0
  #quietMs = 0

  constructor(patience: Patience) {
    this.#patience = patience
    this.#clock = new BlockClock(patience.blockMs)
  }

  /** Highest height that any node has shown. */
  get tip(): number {
    return this.#tip
  }

  /** Ms of attention since the tip rose. */
  get quietMs(): number {
    return this.#quietMs
  }

  get blockMs(): number {
    return this.#clock.blockMs
  }

  /** What was last seen of a node. */
  lastOf(node: string): NodeAnswer | undefined {
    return this.#nodes.get(node)?.answer
  }

  /** Nodes that answered when they were last asked, at the height of the tip. */
  get aliveAtTip(): ReadonlySet<string> {
    const alive = [...this.#nodes].filter(([, { answers, height }]) => answers && height === this.#tip)
    return new Set(alive.map(([node]) => node))
  }

  /** Whether the network may stand while these nodes are away: without them there is no quorum. */
  needsAnyOf(away: ReadonlySet<string>): boolean {
    const validators = [...this.#nodes].filter(([, { validator }]) => validator)
    const power = (all: typeof validators): number =>
      all.reduce((sum, [, { power: own }]) => sum + Math.max(own, 1), 0)
    const there = power(validators.filter(([node]) => !away.has(node)))
    return there * 3 <= power(validators) * 2
  }

  /** Something expected ends for these nodes, or for all: what came of it is judged from now on. */
  forgive(nodes?: ReadonlySet<string>): void {
    this.#quietMs = 0
    this.#clock.skip()
    for (const [name, watched] of this.#nodes) if (nodes?.has(name) ?? true) watched.behindMs = 0
  }

  observe(sample: Sample, creditMs: number): Suspicion[] {
    const before = this.#tip
    for (const one of sample.nodes) this.#take(one)
    const risen = this.#tip - before
    this.#clock.observe(creditMs, before === 0 ? 0 : risen)
    this.#quietMs = risen > 0 ? 0 : this.#quietMs + creditMs
    const forks = sample.nodes.flatMap((one) => this.#compareHash(one))
    const intents = sample.nodes.flatMap(({ node, answer }): Suspicion[] =>
      answer?.intent === undefined
        ? []
        : [{ cause: 'halt', node, height: answer.height, intent: answer.intent }],
    )
    const stallMs = this.#patience.stallMs(this.blockMs)
    if (this.#quietMs > stallMs) {
      return [...intents, ...forks, { cause: 'stall', height: this.#tip, quietMs: this.#quietMs }]
    }
    const left = sample.nodes.flatMap((one) => this.#leftBehind(one, risen, creditMs, stallMs))
    return [...intents, ...forks, ...left]
  }

  #take({ node, validator, answer }: NodeSample): void {
    const known = this.#nodes.get(node) ?? { height: 0, behindMs: 0, power: 0, validator, answers: false }
    this.#nodes.set(node, known)
    known.answers = answer !== undefined
    if (answer === undefined) return
    known.answer = answer
    if (answer.votingPower > 0) known.power = answer.votingPower
    if (answer.height > known.height) known.behindMs = 0
    known.height = answer.height
    this.#tip = Math.max(this.#tip, answer.height)
  }

  /** Only while others get ahead: a network that stands does so for all of its nodes. */
  #leftBehind({ node, silence }: NodeSample, risen: number, creditMs: number, stallMs: number): Suspicion[] {
    const watched = this.#nodes.get(node)
    if (watched === undefined || watched.height >= this.#tip || (risen === 0 && this.#quietMs > this.blockMs))
      return []
    watched.behindMs += creditMs
    if (watched.behindMs <= stallMs || this.#tip - watched.height < leastLag) return []
    const { height, behindMs: quietMs } = watched
    return [{ cause: 'follower', node, height, tip: this.#tip, quietMs, silence }]
  }

  #compareHash({ node, answer }: NodeSample): Suspicion[] {
    if (answer === undefined || answer.hash === '' || answer.height === 0) return []
    const { height, hash } = answer
    const known = this.#hashes.get(height)
    if (known !== undefined && known.hash !== hash) {
      return [{ cause: 'fork', height, hashes: [known, { node, hash }] }]
    }
    if (known === undefined) this.#hashes.set(height, { node, hash })
    if (this.#hashes.size > keptHeights) this.#hashes.delete(Math.min(...this.#hashes.keys()))
    return []
  }
}
