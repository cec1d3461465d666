import { randomUUID } from 'node:crypto'
import { Agent, request as send } from 'node:http'
import type { ClockState, WaitRequest } from '../contract/clock-door.ts'
import { loopInputs, realTime, type Time } from '../contract/time.ts'

const known = new Map<string, Time>()

/** The time of a cluster: the wall clock's, or that of its virtual clock. One object for all of this process. */
export function timeOf(clockUrl: string | undefined): Time {
  if (clockUrl === undefined) return realTime
  const time = known.get(clockUrl) ?? new VirtualTime(clockUrl)
  known.set(clockUrl, time)
  return time
}

interface Wait {
  readonly due: number
  readonly passive: boolean
  readonly fn: () => void
}

/** Turns of the event loop in which nothing may arrive before this process says that it has had its look. */
const quietTurns = 3
/** Real ms for which it looks at most: a process that is always busy is not waited for. */
const longestLookMs = 20

/**
 * Time that its cluster leaps over where nothing happens. Every wait has a timer of its own, since time never passes slower
 * than the wall clock's; the door only makes it pass faster, so a cluster that is gone delays nothing for ever.
 */
class VirtualTime implements Time {
  readonly clockUrl: string
  readonly #waiter = randomUUID()
  readonly #agent = new Agent({ keepAlive: true })
  readonly #waits = new Set<Wait>()
  #alarm: NodeJS.Timeout | undefined
  /** Of the last answer. */
  #last: ClockState | undefined
  /** What had been leapt over before this process came. */
  #leaptBefore = 0
  /** The request that is open. */
  #open: object | undefined
  #looking = false
  /** Waits have changed since the request that is open was sent. */
  #changed = false

  constructor(clockUrl: string) {
    this.clockUrl = clockUrl
    // Known from the start, so that no time is leapt over while this process is at work.
    this.#update()
  }

  now(): number {
    return performance.now() + (this.#last?.leaptMs ?? 0) - this.#leaptBefore
  }

  after(ms: number, fn: () => void, { passive = false }: { passive?: boolean | undefined } = {}): () => void {
    const wait: Wait = { due: this.now() + Math.max(0, ms), passive, fn }
    this.#waits.add(wait)
    this.#update()
    return () => {
      if (this.#waits.delete(wait)) this.#update()
    }
  }

  #update(): void {
    this.#changed = true
    this.#arm()
    this.#look()
  }

  #nearest(passive: boolean): number | undefined {
    let nearest: number | undefined
    for (const wait of this.#waits)
      if (wait.passive === passive && (nearest === undefined || wait.due < nearest)) nearest = wait.due
    return nearest
  }

  #arm(): void {
    clearTimeout(this.#alarm)
    const due = Math.min(this.#nearest(false) ?? Infinity, this.#nearest(true) ?? Infinity)
    if (due === Infinity) return
    // Timers cannot be longer than that; one that fires too early is set again.
    this.#alarm = setTimeout(() => this.#fire(), Math.min(Math.max(0, due - this.now()), 2 ** 31 - 1))
  }

  #fire(): void {
    const now = this.now()
    const over = [...this.#waits].filter(({ due }) => due <= now).sort((a, b) => a.due - b.due)
    for (const wait of over) {
      // One may have cancelled another.
      if (this.#waits.delete(wait)) wait.fn()
    }
    this.#update()
  }

  /** Tells the door, once nothing has arrived for some turns, what is waited for now. */
  #look(): void {
    if (this.#looking) return
    this.#looking = true
    let seen = loopInputs()
    let turns = 0
    const until = performance.now() + longestLookMs
    const turn = (): void => {
      const read = loopInputs()
      turns = read === seen ? turns + 1 : 0
      seen = read
      if (turns < quietTurns && performance.now() < until) {
        setImmediate(turn)
        return
      }
      this.#looking = false
      if (this.#changed) this.#tell()
    }
    setImmediate(turn)
  }

  #tell(): void {
    this.#changed = false
    const now = this.now()
    const inMs = (due: number | undefined): number | undefined =>
      due === undefined ? undefined : Math.max(0, due - now)
    this.#send({
      waiter: this.#waiter,
      leaptMs: this.#last?.leaptMs,
      told: this.#last?.told,
      demandMs: inMs(this.#nearest(false)),
      passiveMs: inMs(this.#nearest(true)),
    })
  }

  /** A later request takes the place of this one: its answer is then of no interest. */
  #send(body: WaitRequest): void {
    const mine = {}
    this.#open = mine
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = send(this.clockUrl, { method: 'POST', agent: this.#agent, headers }, (response) => {
      let read = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (read += part))
      response.on('error', () => undefined)
      response.on('end', () => {
        if (response.statusCode === 200) this.#answered(JSON.parse(read) as ClockState, mine)
      })
    })
    // Without a door time passes as it does everywhere.
    sent.on('error', () => undefined)
    // Waits keep the process alive, by their timers; this does not.
    sent.on('socket', (socket) => socket.unref())
    sent.end(text)
  }

  #answered(state: ClockState, mine: object): void {
    if (this.#last === undefined) this.#leaptBefore = state.leaptMs
    // Answers may overtake each other.
    if (state.leaptMs >= (this.#last?.leaptMs ?? 0) && state.told >= (this.#last?.told ?? 0))
      this.#last = state
    if (mine !== this.#open) {
      this.#arm()
      return
    }
    this.#fire()
  }
}
