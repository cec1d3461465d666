import type { FieldError, FieldErrorType } from '../field-error.ts'
import { pathText, type Segment } from './field-path.ts'

/** One validation pass over one object. Checks push what they find; the path is that of the value at hand. */
export interface Run {
  readonly path: Segment[]
  readonly errors: FieldError[]
}

/**
 * One compiled check of one value. `old` is the value that stood there before, `undefined` when there was none or
 * when it cannot be correlated.
 */
export type Check = (value: unknown, old: unknown, run: Run) => void

export function report(run: Run, type: FieldErrorType, badValue: unknown, detail: string): void {
  run.errors.push({ type, field: pathText(run.path), badValue, detail })
}

/** Errors that name the whole object in their field and the place in their text, as schema junctors do. */
export function reportUnplaced(run: Run, detail: string): void {
  run.errors.push({ type: 'FieldValueInvalid', field: '<nil>', badValue: '', detail })
}

/** Name of a value's JSON type as Kubernetes prints it; a number without fraction is an integer. */
export function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'bigint' ? 'integer' : typeof value
}
