import { dottedPath } from './field-path.ts'
import { report, reportUnplaced, typeName, type Check, type Run } from './check.ts'
import { toJson } from '../json.ts'
import { deepEqual } from '../object.ts'
import { fitsInteger, stringFormats } from './formats.ts'
import type { JsonSchema } from './json-schema.ts'
import type { PatternTest } from './pattern.ts'

/** The checks of `schema` that look at one value alone. `matcher` turns its pattern into a test. */
export function scalarChecks(schema: JsonSchema, matcher: (pattern: string) => PatternTest): Check[] {
  return [typeCheck(schema), stringCheck(schema, matcher), numberCheck(schema), enumCheck(schema)].filter(
    (check) => check !== undefined,
  )
}

/** Null is only looked at by these. */
export function nullChecks(schema: JsonSchema): Check[] {
  return [typeCheck(schema), enumCheck(schema)].filter((check) => check !== undefined)
}

function typeCheck(schema: JsonSchema): Check | undefined {
  const wanted = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : [schema.type ?? '']
  if (wanted[0] === '') return undefined
  const expected = wanted.join(',')
  return (value, _old, run) => {
    const got = typeName(value)
    if (wanted.includes(got) || (got === 'integer' && expected === 'number')) return
    if (value === null && schema.nullable === true) return
    // Go's validator lets a list pass for any text that has a format.
    if (Array.isArray(value) && schema.format !== undefined && expected === 'string') return
    const [type, given] = formatted(schema, value) ?? [expected, got]
    const text = `${dottedPath(run.path)} in body must be of type ${type}: "${given}"`
    report(run, 'FieldValueTypeInvalid', given, text)
  }
}

/** Where a schema has a format, what is no text and no list is told by formats, as Go's validator does. */
function formatted(
  { format }: JsonSchema,
  value: unknown,
): readonly [type: string, given: string] | undefined {
  if (format === undefined || value === null || typeof value === 'string' || Array.isArray(value))
    return undefined
  if (typeof value === 'bigint') return [format, 'int64']
  return [format, typeof value !== 'number' ? '' : Number.isInteger(value) ? 'int64' : 'float64']
}

function enumCheck(schema: JsonSchema): Check | undefined {
  const allowed = schema.enum
  if (allowed === undefined || allowed.length === 0) return undefined
  const printed = allowed
    .map((value) => JSON.stringify(typeof value === 'string' ? value : toJson(value)))
    .join(', ')
  return (value, _old, run) => {
    if (allowed.some((one) => deepEqual(one, value))) return
    report(run, 'FieldValueNotSupported', value, `supported values: ${printed}`)
  }
}

function stringCheck(schema: JsonSchema, matcher: (pattern: string) => PatternTest): Check | undefined {
  const { minLength = 0, maxLength = Infinity, pattern } = schema
  const format = schema.format
  const formatTest =
    format !== undefined && Object.hasOwn(stringFormats, format) ? stringFormats[format] : undefined
  const patternTest = pattern === undefined ? undefined : matcher(pattern)
  if (minLength === 0 && maxLength === Infinity && patternTest === undefined && formatTest === undefined) {
    return undefined
  }
  return (value, _old, run) => {
    if (typeof value !== 'string') return
    // A string of the wrong length is not held against its pattern.
    const fits = checkLength(value, minLength, maxLength, run)
    if (fits && patternTest !== undefined && !patternTest(value)) {
      report(run, 'FieldValueInvalid', value, `${dottedPath(run.path)} in body should match '${pattern}'`)
    }
    if (formatTest !== undefined && !formatTest(value)) {
      const text = `${dottedPath(run.path)} in body must be of type ${format}: ${JSON.stringify(value)}`
      report(run, 'FieldValueTypeInvalid', value, text)
    }
  }
}

/** Whether the string has a length that is allowed; reports it if not. */
function checkLength(value: string, min: number, max: number, run: Run): boolean {
  // Length in UTF-16 units is never below the one in runes, so most strings are done without counting.
  if (value.length <= max && value.length >= 2 * min) return true
  const runes = Array.from(value).length
  if (runes > max) {
    report(run, 'FieldValueTooLong', undefined, `may not be more than ${max} ${max === 1 ? 'byte' : 'bytes'}`)
  } else if (runes < min) {
    const text = `${dottedPath(run.path)} in body should be at least ${min} chars long`
    report(run, 'FieldValueInvalid', value, text)
  }
  return runes <= max && runes >= min
}

function numberCheck(schema: JsonSchema): Check | undefined {
  const bounds = boundChecks(schema)
  const integer = schema.type === 'integer' || schema['x-kubernetes-int-or-string'] === true
  if (bounds.length === 0 && !integer) return undefined
  return (value, _old, run) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') return
    const fits = isInteger(value) && fitsInteger(value, schema.format)
    if (integer && !fits) reportRange(schema, run)
    for (const [fails, text] of bounds) {
      if (fails(value))
        report(run, 'FieldValueInvalid', value, `${dottedPath(run.path)} in body should be ${text}`)
    }
  }
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function reportRange(schema: JsonSchema, run: Run): void {
  const format = schema.format === undefined ? '(default format)' : `with format ${schema.format}`
  reportUnplaced(run, `Checked value must be of type integer ${format} in ${dottedPath(run.path)}`)
}

function boundChecks(schema: JsonSchema): (readonly [(value: number | bigint) => boolean, string])[] {
  const checks: (readonly [(value: number | bigint) => boolean, string])[] = []
  const { minimum, maximum, multipleOf } = schema
  if (multipleOf !== undefined) {
    checks.push([(value) => !Number.isInteger(Number(value) / multipleOf), `a multiple of ${multipleOf}`])
  }
  if (maximum !== undefined) {
    checks.push(
      schema.exclusiveMaximum === true
        ? [(value) => value >= maximum, `less than ${maximum}`]
        : [(value) => value > maximum, `less than or equal to ${maximum}`],
    )
  }
  if (minimum !== undefined) {
    checks.push(
      schema.exclusiveMinimum === true
        ? [(value) => value <= minimum, `greater than ${minimum}`]
        : [(value) => value < minimum, `greater than or equal to ${minimum}`],
    )
  }
  return checks
}
