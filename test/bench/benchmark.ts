/** One figure of the table. Smaller is better. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it should be at most; null where there is no goal. */
  readonly goal: number | null
}

/** What several benchmarks need, made once. */
export interface Bench {
  /** A node_modules folder with this package as users would install it. */
  readonly packed: string
  /** Says something on stderr; stdout belongs to the result. */
  note(text: string): void
}

/** Measures one thing; throws when it cannot. */
export interface Benchmark {
  /** What `--only` calls it. */
  readonly name: string
  /** Takes many minutes: measured only where it is named. */
  readonly onDemand?: boolean
  run(bench: Bench): Promise<readonly Figure[]>
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The smallest value that at least `share` percent of the values do not exceed. Throws without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}
