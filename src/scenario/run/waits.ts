import type { Time } from '../../contract/time.ts'

/** Something that must not last for longer than `ms` from when it is first seen. */
export interface Wait {
  readonly key: string
  readonly ms: number
  act(): void
}

/** One timer for each thing that lasts. They only watch: a clock that can be advanced does not leap for them. */
export class Waits {
  readonly #time: Time
  readonly #running = new Map<string, () => void>()
  readonly #over = new Set<string>()

  constructor(time: Time) {
    this.#time = time
  }

  /** What is not among these any more is over and forgotten; what has run out is told once. */
  set(wanted: readonly Wait[]): void {
    const keys = new Set(wanted.map(({ key }) => key))
    for (const [key, cancel] of this.#running) {
      if (keys.has(key)) continue
      cancel()
      this.#running.delete(key)
    }
    for (const { key, ms, act } of wanted) {
      if (this.#running.has(key) || this.#over.has(key)) continue
      const fire = (): void => {
        this.#running.delete(key)
        this.#over.add(key)
        act()
      }
      this.#running.set(key, this.#time.after(ms, fire, { passive: true }))
    }
  }

  close(): void {
    this.set([])
  }
}
