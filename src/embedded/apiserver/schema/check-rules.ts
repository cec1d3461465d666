import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../field-error.ts'
import type { CelEngine } from './cel-engine.ts'
import { relativePath, ruleReasons } from './cel-failure.ts'
import { dottedPath, pathText } from './field-path.ts'
import type { JsonSchema, ValidationRule } from './json-schema.ts'
import type { SchemaPlace } from './schema-walk.ts'
import { errorText } from '../../../errors/error-text.ts'

/** What is wrong with the CEL rules at one node of a schema: syntax, and `oldSelf` where nothing is correlated. */
export function checkNodeRules(place: SchemaPlace, engine: CelEngine): FieldError[] {
  const rules = place.schema['x-kubernetes-validations'] ?? []
  return rules.flatMap((rule, index) => {
    const at = (name: string): string => pathText([...place.path, 'x-kubernetes-validations', index, name])
    return [
      ...ruleErrors(rule, place, at, engine),
      ...messageErrors(rule, place, at, engine),
      ...placementErrors(rule, place.schema, at),
    ]
  })
}

function ruleErrors(
  rule: ValidationRule,
  place: SchemaPlace,
  at: (name: string) => string,
  engine: CelEngine,
): FieldError[] {
  if (rule.rule.trim() === '') return [required(at('rule'), 'rule is not specified')]
  if (rule.optionalOldSelf === true) {
    return [forbiddenField(at('optionalOldSelf'), 'optional types are not available in this server')]
  }
  const parsed = tryParse(rule.rule, place, engine)
  if ('error' in parsed) return [invalidValue(at('rule'), rule.rule, `compilation failed: ${parsed.error}`)]
  if (!parsed.usesOldSelf || place.correlated) return []
  const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${dottedPath(place.path)}`
  return [invalidValue(at('rule'), rule.rule, detail)]
}

function messageErrors(
  rule: ValidationRule,
  place: SchemaPlace,
  at: (name: string) => string,
  engine: CelEngine,
): FieldError[] {
  const errors: FieldError[] = []
  const { message, messageExpression } = rule
  if (message !== undefined && message !== '' && message.trim() === '') {
    errors.push(invalidValue(at('message'), message, 'message must be non-empty if specified'))
  }
  if (message?.includes('\n') === true) {
    errors.push(invalidValue(at('message'), message, 'message must not contain line breaks'))
  }
  if (messageExpression === undefined) return errors
  const parsed = tryParse(messageExpression, place, engine)
  if ('error' in parsed) {
    const detail = `messageExpression compilation failed: ${parsed.error}`
    errors.push(invalidValue(at('messageExpression'), messageExpression, detail))
  }
  return errors
}

function placementErrors(
  rule: ValidationRule,
  schema: JsonSchema,
  at: (name: string) => string,
): FieldError[] {
  const errors: FieldError[] = []
  if (rule.reason !== undefined && !ruleReasons.has(rule.reason)) {
    errors.push(notSupported(at('reason'), rule.reason, [...ruleReasons].toSorted()))
  }
  if (rule.fieldPath !== undefined && !isFieldPath(rule.fieldPath, schema)) {
    errors.push(invalidValue(at('fieldPath'), rule.fieldPath, 'fieldPath must be a valid path'))
  }
  return errors
}

/** A path is valid when its steps make up all of its text and lead to declared fields. */
function isFieldPath(path: string, schema: JsonSchema): boolean {
  const steps = relativePath(path)
  if (steps === undefined || steps.length === 0) return false
  let at: JsonSchema | undefined = schema
  for (const step of steps) {
    const additional: boolean | JsonSchema | undefined = at?.additionalProperties
    at = at?.properties?.[step] ?? (typeof additional === 'object' ? additional : undefined)
  }
  return at !== undefined
}

function tryParse(
  text: string,
  place: SchemaPlace,
  engine: CelEngine,
): { readonly usesOldSelf: boolean } | { readonly error: string } {
  try {
    const expression = engine.parse(text)
    const [undeclared] = expression.undeclared(
      place.level === 'root' ? withHeader(place.schema) : place.schema,
    )
    return undeclared === undefined ? expression : { error: undeclared }
  } catch (error) {
    return { error: errorText(error) }
  }
}

/** What rules at the root may read beside the schema's own properties. */
function withHeader(schema: JsonSchema): JsonSchema {
  const text: JsonSchema = { type: 'string' }
  const metadata: JsonSchema = { type: 'object', properties: { name: text, generateName: text } }
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata } }
}
