import { appendFileSync } from 'node:fs'
import type { RunEvent } from '../contract/progress.ts'
import type { RunFeed } from '../contract/run-feed.ts'
import { errorText } from '../errors/error-text.ts'

type Unstamped<T> = T extends unknown ? Omit<T, 'at' | 'run'> : never
export type NewRunEvent = Unstamped<RunEvent>

/** The run's events: kept for late subscribers and, once there is a folder, as JSON lines in events.jsonl. */
export class Feed implements RunFeed {
  readonly #events: RunEvent[] = []
  readonly #listeners = new Set<(event: RunEvent) => void>()
  readonly #run: string
  readonly #onLost: (why: string) => void
  #file: string | undefined

  /** @param onLost hears, once, why events can no longer be recorded */
  constructor(run: string, onLost: (why: string) => void) {
    this.#run = run
    this.#onLost = onLost
  }

  emit(event: NewRunEvent): void {
    const stamped = { at: new Date().toISOString(), run: this.#run, ...event } as RunEvent
    this.#events.push(stamped)
    this.#record([stamped])
    for (const listener of this.#listeners) listener(stamped)
  }

  /** Writes what was and what comes to `path`. */
  recordTo(path: string): void {
    this.#file = path
    this.#record(this.#events)
  }

  /** Events come from everywhere, also from work that nobody awaits: a full disk must not end the run there. */
  #record(events: readonly RunEvent[]): void {
    if (this.#file === undefined) return
    try {
      appendFileSync(this.#file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    } catch (error) {
      this.#file = undefined
      this.#onLost(`events.jsonl ends here: ${errorText(error)}`)
    }
  }

  subscribe(listener: (event: RunEvent) => void): () => void {
    for (const event of this.#events) listener(event)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
