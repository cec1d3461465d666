import type { FieldError, FieldErrorType } from '../field-error.ts'
import { keySegment, pathText, type Segment } from './field-path.ts'
import { additionalSchema, ownSchema, type JsonSchema, type ValidationRule } from './json-schema.ts'

/** Reasons that a rule may name for its failure. */
export const ruleReasons: ReadonlySet<string> = new Set<FieldErrorType>([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueDuplicate',
])

/** The error of a rule that did not hold for `value`, placed where its `fieldPath` says. */
export function ruleFailure(
  rule: ValidationRule,
  schema: JsonSchema,
  value: unknown,
  detail: string,
  path: readonly Segment[],
): FieldError {
  const type = ruleReasons.has(rule.reason ?? '') ? (rule.reason as FieldErrorType) : 'FieldValueInvalid'
  const field = pathText([...path, ...placeBelow(schema, rule.fieldPath)])
  if (type === 'FieldValueDuplicate') return { type, field, badValue: value, detail: '' }
  // Since 1.35 composite values are left out of the text.
  const shown = typeof value === 'object' ? undefined : value
  return { type, field, badValue: shown, detail }
}

/** The error of a rule that could not be evaluated: it names the schema's type where the value would stand. */
export function ruleError(
  rule: ValidationRule,
  schema: JsonSchema,
  error: string,
  path: readonly Segment[],
): FieldError {
  const named = trimmed(rule.message) ?? rule.rule.trim()
  const detail = error.startsWith('no such overload')
    ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`
    : `${error} evaluating rule: ${named}`
  return { type: 'FieldValueInvalid', field: pathText(path), badValue: schema.type ?? '', detail }
}

export function staticMessage(rule: ValidationRule): string {
  return trimmed(rule.message) ?? `failed rule: ${rule.rule.trim()}`
}

function trimmed(text: string | undefined): string | undefined {
  const rest = text?.trim() ?? ''
  return rest === '' ? undefined : rest
}

const pathStep = /\.([^.[\]]+)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/gy

/** Field names of a rule's `fieldPath` (`.a['b.c'].d`); `undefined` when the text is no such path. */
export function relativePath(fieldPath: string): string[] | undefined {
  const steps = [...fieldPath.matchAll(pathStep)]
  const read = steps.reduce((length, step) => length + step[0].length, 0)
  return read === fieldPath.length ? steps.map((step) => step[1] ?? step[2] ?? step[3] ?? '') : undefined
}

/** Properties are written `.name`, keys of maps `[name]`. */
function placeBelow(schema: JsonSchema, fieldPath: string | undefined): Segment[] {
  let at: JsonSchema | undefined = schema
  return (fieldPath === undefined ? [] : (relativePath(fieldPath) ?? [])).map((step) => {
    const property = at === undefined ? undefined : ownSchema(at.properties, step)
    const isKey = property === undefined && at !== undefined && additionalSchema(at) !== undefined
    at = property ?? (at === undefined ? undefined : additionalSchema(at))
    return isKey ? keySegment(step) : step
  })
}
