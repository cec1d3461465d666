import { appendFileSync } from 'node:fs'
import type { RunEvent } from '../contract/progress.ts'
import type { RunFeed } from '../contract/run-feed.ts'

type Unstamped<T> = T extends unknown ? Omit<T, 'at' | 'run'> : never
export type NewRunEvent = Unstamped<RunEvent>

/** The run's events: kept for late subscribers and, once there is a folder, as JSON lines in events.jsonl. */
export class Feed implements RunFeed {
  readonly #events: RunEvent[] = []
  readonly #listeners = new Set<(event: RunEvent) => void>()
  readonly #run: string
  #file: string | undefined

  constructor(run: string) {
    this.#run = run
  }

  emit(event: NewRunEvent): void {
    const stamped = { at: new Date().toISOString(), run: this.#run, ...event } as RunEvent
    this.#events.push(stamped)
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(stamped)}\n`)
    for (const listener of this.#listeners) listener(stamped)
  }

  /** Writes what was and what comes to `path`. */
  recordTo(path: string): void {
    this.#file = path
    appendFileSync(path, this.#events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  subscribe(listener: (event: RunEvent) => void): () => void {
    for (const event of this.#events) listener(event)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
