import { notSeen } from '../../client/terminations.ts'
import type { Termination } from '../../contract/halts.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { pause, type Time } from '../../contract/time.ts'
import { isCancelled } from '../../errors/guards.ts'
import { haltVerdict } from '../../probe/halt/verdict.ts'
import { withinMs } from '../within-ms.ts'
import type { Disruptions, Incident, OpenDisruption } from '../disruptions.ts'
import { Attention } from './attention.ts'
import { readChain, readPlan, readVotes } from './chain-reading.ts'
import { judgeExit, nodeContainer, wantsPlan } from './exits.ts'
import { Incidents } from './incidents.ts'
import { NetworkJudge, type Suspicion } from './judge.ts'
import type { Loss } from './loss.ts'
import type { Patience } from './patience.ts'
import { takeSample, type Sample } from './sample.ts'
import type { Verdicts } from './verdicts.ts'
import { VoteWatch } from './vote-watch.ts'

export interface NetworkWatchOptions {
  readonly network: string
  /** Validators and followers that are there now. */
  nodes(): readonly NodeHandle[]
  readonly patience: Patience
  /** The cluster's. */
  readonly time: Time
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  readonly signal: AbortSignal
  /** Reads anew which containers have ended, and tells `ended` of those it did not know. Resolves to how many. */
  refresh(): Promise<number>
  onLoss(loss: Loss): void
}

const never = new Promise<never>(() => {})

/** For how long the end of a container may wait for its log, and for the plan of its chain, ms. */
const logMs = 10_000
const planMs = 500
/** For how long nodes that stand are asked why: nothing gets worse meanwhile, and a busy machine answers late. Ms. */
const standMs = 1_000

/** Watches one network that was ready: its heights and votes by probes, its containers by what it is told of them. */
export class NetworkWatch {
  readonly #options: NetworkWatchOptions
  readonly #judge: NetworkJudge
  readonly #votes = new VoteWatch()
  readonly #incidents: Incidents

  /** Ends that are being judged: their logs are on the way. */
  readonly #judging = new Set<Promise<void>>()

  constructor(options: NetworkWatchOptions) {
    this.#options = options
    this.#judge = new NetworkJudge(options.patience)
    this.#incidents = new Incidents({ ...options, judge: this.#judge })
  }

  /** Looks until the signal aborts. Never rejects. */
  async run(): Promise<void> {
    const { patience, time, signal, disruptions, network } = this.#options
    const stop = disruptions.subscribe((change, { window }) => {
      if (change === 'closed' && window.network === network) this.#forgive(window.node)
    })
    const attention = new Attention(patience, time.now())
    try {
      while (!signal.aborted) {
        const nodes = this.#options.nodes()
        const everyMs = Math.max(patience.everyMs, patience.perNodeMs * nodes.length)
        const sample = await takeSample(nodes, { timeoutMs: patience.probeMs, signal })
        await this.#look(sample, attention.credit(time.now(), sample.slowestMs, everyMs))
        // It looks as time passes, and has none pass for its looking.
        await pause(time, everyMs, signal, { passive: true })
      }
    } catch (error) {
      if (!isCancelled(error) && !signal.aborted) throw error
    } finally {
      stop()
    }
  }

  /** A container of one of the nodes has ended. */
  async ended(termination: Termination, log: Promise<string | undefined>): Promise<void> {
    const judged = this.#judgeEnd(termination, log)
    this.#judging.add(judged)
    await judged.finally(() => this.#judging.delete(judged))
  }

  async #judgeEnd(termination: Termination, log: Promise<string | undefined>): Promise<void> {
    const { network, disruptions } = this.#options
    const { node } = termination
    if (termination.container !== nodeContainer || this.#handle(node) === undefined) return
    // As things stand now: by the time its log is read the window it died in may be closed.
    const windows = disruptions.recent(network, node)
    const last = this.#judge.lastOf(node)
    // What is known of another end of the same node comes first.
    const output = await withinMs(termination.reason === notSeen ? never : log, logMs)
    const context = { network, lastHeight: last?.height ?? this.#judge.tip, intent: last?.intent, output }
    let judged = judgeExit(termination, context)
    if (wantsPlan(judged.verdict)) {
      const plan = await readPlan(this.#others(node), this.#reading(planMs))
      if (plan !== undefined)
        judged = judgeExit(termination, { ...context, chain: { tip: this.#judge.tip, plan } })
    }
    const { verdict, incident } = judged
    const since = termination.finishedAt ?? termination.seenAt
    // A pod that was told to go is no halt, whoever told it.
    const told = termination.podDeleting !== true || incident.halt?.kind !== 'stopped'
    this.#incidents.raise(
      incident,
      verdict,
      { since, says: `${node} is down: ${verdict.says}`, told },
      windows,
    )
  }

  async #look(sample: Sample, creditMs: number): Promise<void> {
    const suspicions = this.#judge.observe(sample, creditMs)
    for (const suspicion of suspicions) await this.#suspect(suspicion)
    await this.#watchVotes(sample, creditMs)
  }

  async #suspect(suspicion: Suspicion): Promise<void> {
    switch (suspicion.cause) {
      case 'halt':
        return this.#suspectHalt(suspicion)
      case 'fork':
        return this.#suspectFork(suspicion)
      case 'stall':
        return await this.#suspectStand('stall')
      case 'follower':
        return await this.#suspectFollower(suspicion)
    }
  }

  #suspectHalt({ node, height, intent }: Extract<Suspicion, { cause: 'halt' }>): void {
    const verdict = haltVerdict({ node, lastHeight: height, intent })
    this.#incidents.raise(this.#incidents.halt('halt', verdict, node), verdict, {
      since: intent.announcedAt ?? new Date().toISOString(),
      says: `${node} halts: ${verdict.says}`,
    })
  }

  #suspectFork({ height, hashes }: Extract<Suspicion, { cause: 'fork' }>): void {
    const { network, onLoss } = this.#options
    const said = hashes.map(({ node, hash }) => `${node} has ${hash.slice(0, 12)}`).join(', ')
    const since = new Date().toISOString()
    onLoss({ network, cause: 'fork', height, since, says: `a fork at height ${height}: ${said}`, hashes })
  }

  async #suspectFollower(suspicion: Extract<Suspicion, { cause: 'follower' }>): Promise<void> {
    const { node, height, tip, quietMs, silence } = suspicion
    const plain: Incident = { network: this.#options.network, node, cause: 'follower' }
    const window = this.#options.disruptions.explaining(plain)
    // Who expects a halt is told why the node stands, once; who expects no more than silence is not.
    const isNews = this.#incidents.isNews(`follower ${node} ${height}`)
    if (window !== undefined && (!expectsHalts(window) || !isNews))
      return this.#judge.forgive(new Set([node]))
    const handle = this.#handle(node)
    const chain =
      silence === undefined && handle !== undefined
        ? await readChain(
            { node: handle, others: [], validators: [] },
            { tip: height, quietMs },
            this.#reading(standMs),
          )
        : undefined
    // A plan or a vote of the network explains nothing: the network goes on.
    const isZombie = chain?.appHeight !== undefined && chain.appHeight < height
    const verdict = isZombie ? haltVerdict({ node, lastHeight: height, chain }) : undefined
    const why = silence ?? (verdict === undefined ? 'it answers' : verdict.says)
    const incident = verdict === undefined ? plain : this.#incidents.halt('follower', verdict, node)
    this.#incidents.raise(incident, verdict, {
      since: before(quietMs),
      says: `${node} stopped following at height ${height}, the network is at ${tip} (${why})`,
    })
  }

  /** The whole network stands: why, as one of those that still answer shows it. */
  async #suspectStand(cause: 'stall' | 'quorum'): Promise<void> {
    const { network, nodes } = this.#options
    const { tip, quietMs } = this.#judge
    const excused = this.#incidents.excuseOf(cause)
    if (excused !== undefined && !expectsHalts(excused)) return
    if (!this.#incidents.isNews(`stand ${tip}`)) return
    await this.#hearOfEnds()
    const { aliveAtTip } = this.#judge
    const alive = nodes().filter(({ name }) => aliveAtTip.has(name))
    const [node] = alive.toSorted((a, b) => Number(b.role === 'validator') - Number(a.role === 'validator'))
    const others = nodes().filter((one) => one !== node)
    const validators = alive.filter(({ role }) => role === 'validator')
    const chain =
      node === undefined
        ? undefined
        : await readChain({ node, others, validators }, { tip, quietMs }, this.#reading(standMs))
    const verdict = haltVerdict({ node: node?.name ?? network, lastHeight: tip, chain })
    const since = before(quietMs)
    const says = `no block after height ${tip} since ${since}; ${node?.name ?? 'no node answers'}: ${verdict.says}`
    this.#incidents.raise(
      this.#incidents.halt(cause, verdict),
      verdict,
      { since, says },
      excused === undefined ? [] : [excused],
    )
  }

  /** A watch that hangs hides that nodes have ended: that would be the better reason, and gets the time to be found. */
  async #hearOfEnds(): Promise<void> {
    const { refresh } = this.#options
    const found = await withinMs(
      refresh().catch(() => 0),
      standMs,
    )
    if (found !== undefined && found > 0) await Promise.allSettled(this.#judging)
  }

  /** A chain that is late is asked who votes: too few tell of a lost quorum long before it counts as standing. */
  async #watchVotes(sample: Sample, creditMs: number): Promise<void> {
    const { patience, nodes } = this.#options
    const { tip, quietMs, blockMs } = this.#judge
    if (quietMs < 1.5 * blockMs) return this.#votes.reset()
    const answering = new Set(
      sample.nodes.filter(({ answer }) => answer !== undefined).map(({ node }) => node),
    )
    const asked = nodes().filter(({ name, role }) => role === 'validator' && answering.has(name))
    const readings = await readVotes(asked, this.#reading(patience.probeMs))
    this.#votes.observe(readings, tip, creditMs)
    if (this.#votes.heldMs > patience.quorumMs(blockMs)) await this.#suspectStand('quorum')
  }

  #forgive(node: string | undefined): void {
    // The network as well: it may have stood for want of this node.
    this.#judge.forgive(node === undefined ? undefined : new Set([node]))
    this.#votes.reset()
    this.#incidents.forget()
  }

  #handle(name: string): NodeHandle | undefined {
    return this.#options.nodes().find((node) => node.name === name)
  }

  #others(name: string): readonly NodeHandle[] {
    return this.#options.nodes().filter((node) => node.name !== name)
  }

  #reading(timeoutMs: number): { timeoutMs: number; signal: AbortSignal } {
    return { timeoutMs, signal: this.#options.signal }
  }
}

function expectsHalts({ window }: OpenDisruption): boolean {
  return window.halts !== undefined || window.kind === 'upgrade'
}

function before(ms: number): string {
  return new Date(Date.now() - ms).toISOString()
}
