import { loopInputs } from '../contract/time.ts'

/**
 * Where an embedded cluster's time comes from, in ms that pass like those of a wall clock. A clock with a rate is built on
 * it; whatever waits in the cluster waits on one of the two.
 */
export interface Wall {
  /** Ms since some start; never goes back. */
  now(): number
  /** Calls `fn` after `ms`; returns the way to cancel. Does not keep the process alive. */
  after(ms: number, fn: () => void): () => void
  /** Work is under way whose end time must not overtake. Returns the way to say that it has ended. */
  hold(): () => void
  /** Somebody outside was sent something: time does not leap before those who wait for it have had a look. */
  told(): void
}

export const realWall: Wall = {
  now: () => performance.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  hold: () => nothing,
  told: nothing,
}

function nothing(): void {}

/** Does `work` while the wall is held. */
export async function whileHeld<T>(wall: Wall, work: () => Promise<T>): Promise<T> {
  const release = wall.hold()
  try {
    return await work()
  } finally {
    release()
  }
}

/** A wall that leaps over time in which nothing happens, while somebody waits for it to pass. */
export interface VirtualWall extends Wall {
  /** Ms that were leapt over so far. */
  readonly leaptMs: number
  /** Resolves once `ms` have passed; while anyone waits so, idle time is leapt over. */
  pass(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back, within the call, whenever somebody outside was told something. */
  onTold(listener: () => void): void
  /** Calls back after each leap, before what fell due by it. */
  onLeap(listener: () => void): void
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly fn: () => void
}

/** Turns of the event loop in which nothing may happen before time leaps: what is sent on loopback arrives within one or two. */
const quietTurns = 4

/**
 * Between leaps time flows like real time: what waits by real timers of its own goes on. A leap ends at the next timer, so that
 * everything comes in the order of its due times, as it would have without.
 */
export function createVirtualWall(): VirtualWall {
  const timers: Timer[] = []
  let order = 0
  let leapt = 0
  let holds = 0
  let waiting = 0
  const listeners: (() => void)[] = []
  const leapListeners: (() => void)[] = []
  /** Rises with all that happens: quiet is when it does not. */
  let happened = 0
  let checking = false
  let alarm: NodeJS.Timeout | undefined

  const now = (): number => performance.now() + leapt

  function arm(): void {
    clearTimeout(alarm)
    const [first] = timers
    if (first === undefined) return
    alarm = setTimeout(fire, Math.max(0, first.due - now()))
    alarm.unref()
    look()
  }

  /** One timer a turn: what the first sets off may come before the second. */
  function fire(): void {
    const [first] = timers
    if (first !== undefined && first.due <= now()) {
      timers.shift()
      happened += 1
      first.fn()
    }
    arm()
  }

  function look(): void {
    if (checking || waiting === 0 || holds > 0 || timers.length === 0) return
    checking = true
    const seen = happened
    const read = loopInputs()
    let turns = 0
    const turn = (): void => {
      turns += 1
      if (happened !== seen || holds > 0 || loopInputs() !== read) {
        checking = false
        look()
      } else if (turns < quietTurns) setImmediate(turn)
      else {
        checking = false
        leap()
      }
    }
    setImmediate(turn)
  }

  function leap(): void {
    const [first] = timers
    if (first === undefined || waiting === 0) return
    leapt += Math.max(0, first.due - now())
    for (const listener of leapListeners) listener()
    fire()
  }

  function after(ms: number, fn: () => void): () => void {
    const timer: Timer = { due: now() + Math.max(0, ms), order: (order += 1), fn }
    const at = timers.findIndex(({ due }) => due > timer.due)
    timers.splice(at < 0 ? timers.length : at, 0, timer)
    if (timers[0] === timer) arm()
    else look()
    return () => {
      const place = timers.indexOf(timer)
      if (place < 0) return
      timers.splice(place, 1)
      if (place === 0) arm()
    }
  }

  return {
    now,
    after,
    get leaptMs() {
      return leapt
    },
    hold: () => {
      holds += 1
      happened += 1
      let held = true
      return () => {
        if (!held) return
        held = false
        holds -= 1
        happened += 1
        look()
      }
    },
    told: () => {
      for (const listener of listeners) listener()
    },
    onTold: (listener) => void listeners.push(listener),
    onLeap: (listener) => void leapListeners.push(listener),
    pass: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason)
          return
        }
        waiting += 1
        const end = (settle: () => void): void => {
          waiting -= 1
          signal?.removeEventListener('abort', onAbort)
          settle()
        }
        const cancel = after(ms, () => end(resolve))
        const onAbort = (): void => {
          cancel()
          end(() => reject(signal?.reason))
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        look()
      }),
  }
}
