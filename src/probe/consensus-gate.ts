import { readConsensusState } from './consensus-state.ts'
import type { GateRun } from './gate-run.ts'
import { readStatusReading, type StatusReading } from './seid-rpc.ts'

/** Falls back behind the height gate before the node counts as flapping. */
const maxFallBacks = 5

/** rpc → height → advancing, judged on one stream of `/status` readings. */
export class ConsensusGate {
  readonly #run: GateRun
  readonly #rpcUrl: string
  #fallBacks = 0
  #highest = 0
  #risenAt: number
  #frozen: { fingerprint: string; at: number } | undefined

  constructor(run: GateRun, rpcUrl: string) {
    this.#run = run
    this.#rpcUrl = rpcUrl
    this.#risenAt = run.time.now()
  }

  /** Resolves once the height has been seen to rise on a node that is caught up. */
  async pass(): Promise<void> {
    for (;;) {
      const reading = await this.#read()
      if (reading !== undefined && this.#judge(reading)) return
      if (this.#run.gate === 'advancing') await this.#lookForHalt()
      await this.#run.pause(reading?.roundTripMs)
    }
  }

  /** A last look: a node whose listeners serve but that went back behind consensus meanwhile is not ready. */
  async stillPassed(): Promise<boolean> {
    this.#run.enter('advancing')
    const reading = await this.#read()
    if (reading === undefined) {
      this.#countFallBack('no answer')
      return false
    }
    if (this.#wentBack(reading)) {
      this.#fallBack(reading)
      return false
    }
    this.#run.trace.pass('advancing', describe(reading))
    return true
  }

  #read(): Promise<StatusReading | undefined> {
    return this.#run.attempt((options) => readStatusReading(this.#rpcUrl, options))
  }

  #judge(reading: StatusReading): boolean {
    if (reading.haltIntent !== undefined) throw this.#run.stop('failed', describeHalt(reading))
    if (this.#run.gate === 'rpc') this.#run.passTo('height', describe(reading))
    if (this.#run.gate === 'height') this.#judgeHeight(reading)
    else if (this.#wentBack(reading)) this.#fallBack(reading)
    else return this.#judgeAdvance(reading)
    return false
  }

  #judgeHeight(reading: StatusReading): void {
    const { latestHeight, catchingUp } = reading.status
    if (latestHeight <= 1 || catchingUp) {
      this.#run.trace.observe('height', describe(reading))
      return
    }
    this.#run.passTo('advancing', describe(reading))
    this.#run.trace.observe('advancing', describe(reading))
    this.#risen(latestHeight)
  }

  #judgeAdvance(reading: StatusReading): boolean {
    const { latestHeight } = reading.status
    if (latestHeight <= this.#highest) {
      this.#run.trace.observe('advancing', describe(reading))
      return false
    }
    this.#risen(latestHeight)
    this.#run.trace.pass('advancing', describe(reading))
    return true
  }

  #risen(height: number): void {
    this.#highest = height
    this.#risenAt = this.#run.time.now()
    this.#frozen = undefined
  }

  #wentBack({ status }: StatusReading): boolean {
    return status.catchingUp || status.latestHeight < this.#highest
  }

  #fallBack(reading: StatusReading): void {
    const value = describe(reading)
    this.#run.trace.reopen('advancing')
    this.#run.trace.observe('height', value)
    this.#highest = 0
    this.#countFallBack(value)
    this.#run.enter('height')
  }

  #countFallBack(value: string): void {
    this.#fallBacks += 1
    if (this.#fallBacks < maxFallBacks) return
    throw this.#run.stop('failed', `status flaps: back to "${value}" for the ${this.#fallBacks}th time`)
  }

  /**
   * Two equal looks at the votes, with no block for a quarter of the budget: the chain stands, and waiting longer
   * would only hide it.
   */
  async #lookForHalt(): Promise<void> {
    const stallMs = this.#run.budget.gateMs / 4
    const now = this.#run.time.now()
    if (now - this.#risenAt < stallMs || now - (this.#frozen?.at ?? 0) < stallMs / 4) return
    const state = await this.#run.attempt((options) => readConsensusState(this.#rpcUrl, options))
    if (state === undefined) return
    if (this.#frozen?.fingerprint === state.fingerprint) {
      throw this.#run.stop('failed', describeStand(this.#highest, state.prevoteShare))
    }
    this.#frozen = { fingerprint: state.fingerprint, at: now }
  }
}

function describe({ status, maxPeerHeight }: StatusReading): string {
  if (!status.catchingUp) return `height ${status.latestHeight}`
  const behind = maxPeerHeight > status.latestHeight ? ` of ${maxPeerHeight}` : ''
  return `height ${status.latestHeight}${behind}, catching up`
}

/** The height in what the gates `height` and `advancing` say they saw. */
export function describedHeight(value: string): string | undefined {
  return /^height (\d+)/.exec(value)?.[1]
}

function describeHalt({ haltIntent }: StatusReading): string {
  const plan = haltIntent?.planName === undefined ? '' : ` for upgrade ${haltIntent.planName}`
  const height = haltIntent?.height === undefined ? '' : ` at height ${haltIntent.height}`
  return `the node announced a halt (reason ${haltIntent?.reason ?? 0})${plan}${height}`
}

/** Shares below two thirds say "no quorum"; above, consensus agreed and execution stands. */
export function describeStand(height: number, prevoteShare: number): string {
  const votes = `prevotes of ${Math.round(prevoteShare * 100)} % of the voting power`
  const why = prevoteShare > 2 / 3 ? 'a quorum, so execution stopped' : 'no quorum, more than 2/3 is needed'
  return `the chain halted at height ${height}: ${votes} (${why})`
}
