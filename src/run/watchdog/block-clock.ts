/** How much of the block time is that of the newest blocks. */
const weight = 0.1

/** The block time of a chain as it was seen to be, ms. */
export class BlockClock {
  #blockMs: number
  #sinceMs = 0

  /** @param blockMs taken until blocks have been seen */
  constructor(blockMs: number) {
    this.#blockMs = blockMs
  }

  get blockMs(): number {
    return this.#blockMs
  }

  /** Time passes, and `blocks` were committed in it. */
  observe(passedMs: number, blocks: number): void {
    this.#sinceMs += passedMs
    if (blocks <= 0) return
    this.#blockMs += weight * (this.#sinceMs / blocks - this.#blockMs)
    this.#sinceMs = 0
  }

  /** What has passed says nothing about blocks: they were not expected. */
  skip(): void {
    this.#sinceMs = 0
  }
}
