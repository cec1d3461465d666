import type { FieldError } from '../../src/embedded/apiserver/field-error.ts'
import type { CompiledVersion } from '../../src/embedded/apiserver/schema/compile-crd.ts'
import type { Case } from './cases.ts'

/** What one compiled definition says to one write. */
export interface Verdict {
  readonly accepted: boolean
  readonly unknownFields: readonly string[]
  /** `reason field` of each cause, in alphabetical order. */
  readonly causes: readonly string[]
  /** The object with its defaults. */
  readonly stored: string
  readonly errors: readonly FieldError[]
}

export function judge(version: CompiledVersion, write: Case): Verdict {
  const store = (object: unknown): { unknownFields: readonly string[]; object: unknown } => {
    const pruned = version.prune(object)
    return { unknownFields: pruned.unknownFields, object: version.applyDefaults(pruned.object) }
  }
  const next = store(write.object)
  const errors = version.validate(next.object, write.old === undefined ? undefined : store(write.old).object)
  return {
    accepted: errors.length === 0,
    unknownFields: next.unknownFields.toSorted(),
    causes: errors.map((error) => `${error.type} ${error.field}`).toSorted(),
    stored: JSON.stringify(sorted(next.object)),
    errors,
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, child]) => [key, sorted(child)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Where two verdicts on the same write differ, in words; empty when they agree. */
export function differences(real: Verdict, ours: Verdict): string[] {
  const found: string[] = []
  const compare = (what: string, a: unknown, b: unknown): void => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
    if (left !== right) found.push(`${what}: real ${left}, ours ${right}`)
  }
  compare('accepted', real.accepted, ours.accepted)
  compare('unknown fields', real.unknownFields, ours.unknownFields)
  compare('causes', real.causes, ours.causes)
  compare('stored', real.stored, ours.stored)
  return found
}
