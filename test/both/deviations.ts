/** A row of the kubectl table whose output differs by design. */
export interface Deviation {
  readonly line: string
  readonly reason: string
}

export const deviations: readonly Deviation[] = []
