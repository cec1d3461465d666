import { createHash } from 'node:crypto'

export interface Row {
  readonly scenario: string
  readonly step: string
  readonly failure: string
  readonly guard: boolean
  readonly result: string
  readonly outcome: string
  /** Steps of which there was a pod. */
  readonly pods: number
  readonly left: number
}

/** A run id of its own for each cell, short enough for the names of nodes. */
export function runOf(...parts: readonly unknown[]): string {
  return `c${createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 8)}`
}

const columns = ['scenario', 'step', 'failure', 'guard', 'result', 'outcome', 'pods', 'left'] as const

/** What became of every cell, one line each. */
export function table(rows: readonly Row[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => String(row[name])))]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n')
}
