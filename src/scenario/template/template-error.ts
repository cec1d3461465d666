import type { Problem } from '../../contract/problem.ts'
import { usageError, type SeiError } from '../../errors/sei-error.ts'

/** A place in a template: its name, and line and column from 1. */
export interface Position {
  readonly name: string
  readonly line: number
  readonly column: number
}

export function templateError({ name, line, column }: Position, problem: Omit<Problem, 'where'>): SeiError {
  return usageError([{ ...problem, where: `${name}:${line}:${column}` }])
}

/** Where `offset` of `text` is. */
export function positionAt(name: string, text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { name, line, column: offset - before.lastIndexOf('\n') }
}
