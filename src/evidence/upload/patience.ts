import { setTimeout as sleep } from 'node:timers/promises'
import { uploadFailureOf } from './upload-errors.ts'

const firstMs = 250
const longestMs = 5_000

/** Repeats what failed because a server could not be reached, until it has not been reached for that long. */
export class Patience {
  readonly #signal: AbortSignal
  readonly #unreachableMs: number
  readonly #onNotice: (line: string) => void
  #reachedAt = performance.now()

  constructor(signal: AbortSignal, unreachableMs: number, onNotice: (line: string) => void) {
    this.#signal = signal
    this.#unreachableMs = unreachableMs
    this.#onNotice = onNotice
  }

  /** Everything that goes through here may be sent twice. */
  async with<T>(work: () => Promise<T>): Promise<T> {
    for (let waitMs = firstMs; ; waitMs = Math.min(2 * waitMs, longestMs)) {
      try {
        const result = await work()
        this.#reachedAt = performance.now()
        return result
      } catch (error) {
        const leftMs = this.#reachedAt + this.#unreachableMs - performance.now()
        if (uploadFailureOf(error) !== 'unreachable' || leftMs <= 0) throw error
        if (waitMs === firstMs) this.#onNotice(`${(error as Error).message.split('\n')[0]}; trying again`)
        await sleep(waitMs, undefined, { signal: this.#signal }).catch(() => {
          throw error
        })
      }
    }
  }
}
