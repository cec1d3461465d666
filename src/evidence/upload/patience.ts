import { setTimeout as sleep } from 'node:timers/promises'
import { errorText } from '../../errors/error-text.ts'
import { uploadFailureOf } from './upload-errors.ts'

const firstMs = 250
const longestMs = 5_000

/** Repeats what failed because a server could not be reached, until it has not been reached for that long. */
export class Patience {
  readonly #signal: AbortSignal
  readonly #unreachableMs: number
  readonly #onNotice: (line: string) => void
  /** When it was missed first, since it last answered. */
  #missedAt: number | undefined

  constructor(signal: AbortSignal, unreachableMs: number, onNotice: (line: string) => void) {
    this.#signal = signal
    this.#unreachableMs = unreachableMs
    this.#onNotice = onNotice
  }

  /** The server has answered. */
  reached(): void {
    this.#missedAt = undefined
  }

  /** Everything that goes through here may be sent twice. */
  async with<T>(work: () => Promise<T>): Promise<T> {
    for (let waitMs = firstMs; ; waitMs = Math.min(2 * waitMs, longestMs)) {
      try {
        const result = await work()
        this.reached()
        return result
      } catch (error) {
        if (uploadFailureOf(error) !== 'unreachable') throw error
        const isFirst = this.#missedAt === undefined
        this.#missedAt ??= performance.now()
        if (performance.now() - this.#missedAt >= this.#unreachableMs) throw error
        if (isFirst) this.#onNotice(`${errorText(error).split('\n')[0]}; trying again`)
        await sleep(waitMs, undefined, { signal: this.#signal }).catch(() => {
          throw error
        })
      }
    }
  }
}
