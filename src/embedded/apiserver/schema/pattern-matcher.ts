import { invalidValue, type FieldError } from '../field-error.ts'
import type { CelEngine } from './cel-engine.ts'
import { translatePattern, type PatternTest } from './pattern.ts'
import { errorText } from '../../../errors/error-text.ts'

/** Patterns of one definition: JavaScript's own matcher where it agrees with RE2, RE2 itself for the rest. */
export interface PatternMatcher {
  /** A test that may be made before RE2 is there; `use` must have been called before it is asked. */
  readonly test: (pattern: string) => PatternTest
  /** Patterns that only RE2 can match. */
  readonly foreign: ReadonlySet<string>
  /** Gives RE2 to the tests that need it; returns the patterns that it refuses. */
  use(engine: CelEngine): FieldError[]
}

export function createMatcher(): PatternMatcher {
  const foreign = new Set<string>()
  const native = new Map<string, PatternTest>()
  const tests = new Map<string, PatternTest>()
  function test(pattern: string): PatternTest {
    const known = native.get(pattern)
    if (known !== undefined) return known
    const expression = translatePattern(pattern)
    if (expression === undefined) foreign.add(pattern)
    const made: PatternTest =
      expression === undefined
        ? (text) => tests.get(pattern)?.(text) ?? false
        : (text) => expression.test(text)
    native.set(pattern, made)
    return made
  }
  return {
    test,
    foreign,
    use: (engine) => [...foreign].flatMap((pattern) => adopt(pattern, engine, tests)),
  }
}

function adopt(pattern: string, engine: CelEngine, tests: Map<string, PatternTest>): FieldError[] {
  try {
    tests.set(pattern, engine.matcher(pattern))
    return []
  } catch (error) {
    const why = errorText(error)
    const detail = `must be a valid regular expression, but isn't: ${why}`
    return [invalidValue('spec.validation.openAPIV3Schema.pattern', pattern, detail)]
  }
}
