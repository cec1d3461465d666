import { dottedPath } from './field-path.ts'
import { report, reportUnplaced, type Check, type Run } from './check.ts'
import { nullChecks, scalarChecks } from './check-scalars.ts'
import { deepEqual, isRecord } from '../object.ts'
import { additionalSchema, ownValue, type JsonSchema } from './json-schema.ts'
import { correlateItems } from './list-keys.ts'
import type { PatternTest } from './pattern.ts'

/** Turns a `pattern` of the schema into its test. */
export type Matcher = (pattern: string) => PatternTest

/**
 * Compiles a schema into one function. Errors in a value that is unchanged (deeply equal to its correlated old value)
 * do not count: Kubernetes ratchets them.
 */
export function compileCheck(schema: JsonSchema, matcher: Matcher): Check {
  const checks = [
    ...scalarChecks(schema, matcher),
    ...junctorChecks(schema, matcher),
    listCheck(schema, matcher),
    mapCheck(schema, matcher),
  ].filter((check) => check !== undefined)
  const forNull = nullChecks(schema)
  return (value, old, run) => {
    if (value === old) return
    const before = run.errors.length
    for (const check of value === null ? forNull : checks) check(value, old, run)
    if (run.errors.length > before && old !== undefined && deepEqual(value, old)) run.errors.length = before
  }
}

function listCheck(schema: JsonSchema, matcher: Matcher): Check | undefined {
  const { minItems = 0, maxItems = Infinity, items } = schema
  if (schema.type !== 'array' && items === undefined) return undefined
  const itemCheck = items === undefined ? undefined : compileCheck(items, matcher)
  return (value, old, run) => {
    if (!Array.isArray(value)) return
    if (itemCheck !== undefined) checkItems(value, correlateItems(schema, old), itemCheck, run)
    if (value.length < minItems) {
      report(
        run,
        'FieldValueInvalid',
        value.length,
        `${dottedPath(run.path)} in body should have at least ${minItems} items`,
      )
    }
    if (value.length > maxItems) reportTooMany(run, value.length, maxItems)
    if (schema.uniqueItems === true && hasDuplicate(value)) {
      report(run, 'FieldValueInvalid', value, `${dottedPath(run.path)} in body shouldn't contain duplicates`)
    }
  }
}

function checkItems(
  list: readonly unknown[],
  oldOf: (item: unknown) => unknown,
  check: Check,
  run: Run,
): void {
  const depth = run.path.length
  run.path.push(0)
  for (let index = 0; index < list.length; index++) {
    run.path[depth] = index
    check(list[index], oldOf(list[index]), run)
  }
  run.path.length = depth
}

function hasDuplicate(list: readonly unknown[]): boolean {
  return list.some((item, index) => list.slice(0, index).some((earlier) => deepEqual(earlier, item)))
}

function reportTooMany(run: Run, actual: number, max: number): void {
  report(run, 'FieldValueTooMany', actual, `must have at most ${max} ${max === 1 ? 'item' : 'items'}`)
}

function mapCheck(schema: JsonSchema, matcher: Matcher): Check | undefined {
  const { minProperties = 0, maxProperties = Infinity, required = [] } = schema
  const counted = minProperties > 0 || maxProperties < Infinity
  const properties = new Map(
    Object.entries(schema.properties ?? {}).map(([key, property]) => [key, compileCheck(property, matcher)]),
  )
  const additional = additionalSchema(schema)
  const additionalCheck = additional === undefined ? undefined : compileCheck(additional, matcher)
  return (value, old, run) => {
    if (!isRecord(value)) return
    if (counted && !checkCount(Object.keys(value).length, minProperties, maxProperties, run)) return
    const before = isRecord(old) ? old : undefined
    for (const key in value) {
      const check = properties.get(key) ?? additionalCheck
      if (check === undefined) continue
      run.path.push(key)
      check(value[key], ownValue(before, key), run)
      run.path.pop()
    }
    for (const key of required) {
      if (Object.hasOwn(value, key)) continue
      run.path.push(key)
      report(run, 'FieldValueRequired', undefined, '')
      run.path.pop()
    }
  }
}

function checkCount(count: number, min: number, max: number, run: Run): boolean {
  if (count < min) {
    report(
      run,
      'FieldValueInvalid',
      count,
      `${dottedPath(run.path)} in body should have at least ${min} properties`,
    )
  }
  if (count > max) reportTooMany(run, count, max)
  return count >= min && count <= max
}

function junctorChecks(schema: JsonSchema, matcher: Matcher): Check[] {
  const checks: Check[] = []
  const compile = (branches: readonly JsonSchema[]): Check[] =>
    branches.map((one) => compileCheck(one, matcher))
  if (schema.anyOf !== undefined && schema.anyOf.length > 0) checks.push(anyOfCheck(compile(schema.anyOf)))
  if (schema.oneOf !== undefined && schema.oneOf.length > 0) checks.push(oneOfCheck(compile(schema.oneOf)))
  if (schema.allOf !== undefined && schema.allOf.length > 0) checks.push(allOfCheck(compile(schema.allOf)))
  if (schema.not !== undefined) checks.push(notCheck(compileCheck(schema.not, matcher)))
  return checks
}

/** What each branch finds, without ratcheting: a junctor asks whether the value as it is fits. */
function tryBranches(branches: readonly Check[], value: unknown, run: Run): Run[] {
  return branches.map((branch) => {
    const attempt: Run = { path: run.path, errors: [] }
    branch(value, undefined, attempt)
    return attempt
  })
}

/** The branch that came nearest explains a failure; of equals the first. */
function pushNearest(attempts: readonly Run[], run: Run): void {
  let nearest = attempts[0]
  for (const attempt of attempts) {
    if (nearest === undefined || attempt.errors.length < nearest.errors.length) nearest = attempt
  }
  run.errors.push(...(nearest?.errors ?? []))
}

function quotedPath(run: Run): string {
  return JSON.stringify(dottedPath(run.path))
}

function anyOfCheck(branches: readonly Check[]): Check {
  return (value, _old, run) => {
    const attempts = tryBranches(branches, value, run)
    if (attempts.some((attempt) => attempt.errors.length === 0)) return
    reportUnplaced(run, `${quotedPath(run)} must validate at least one schema (anyOf)`)
    pushNearest(attempts, run)
  }
}

function oneOfCheck(branches: readonly Check[]): Check {
  return (value, _old, run) => {
    const attempts = tryBranches(branches, value, run)
    const valid = attempts.filter((attempt) => attempt.errors.length === 0).length
    if (valid === 1) return
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
    reportUnplaced(run, `${quotedPath(run)} must validate one and only one schema (oneOf). ${found}`)
    if (valid === 0) pushNearest(attempts, run)
  }
}

function allOfCheck(branches: readonly Check[]): Check {
  return (value, _old, run) => {
    const attempts = tryBranches(branches, value, run)
    const failed = attempts.filter((attempt) => attempt.errors.length > 0)
    if (failed.length === 0) return
    for (const attempt of failed) run.errors.push(...attempt.errors)
    const none = failed.length === attempts.length ? '. None validated' : ''
    reportUnplaced(run, `${quotedPath(run)} must validate all the schemas (allOf)${none}`)
  }
}

function notCheck(branch: Check): Check {
  return (value, _old, run) => {
    const [attempt] = tryBranches([branch], value, run)
    if (attempt?.errors.length === 0)
      reportUnplaced(run, `${quotedPath(run)} must not validate the schema (not)`)
  }
}
