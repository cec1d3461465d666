/** What a transaction has done so far: undone, latest first, when one of its messages fails. */
export class Journal {
  readonly #undo: (() => void)[] = []

  did(undo: () => void): void {
    this.#undo.push(undo)
  }

  rollBack(): void {
    for (const undo of this.#undo.toReversed()) undo()
    this.#undo.length = 0
  }
}
