import type { FieldError, FieldErrorType } from '../field-error.ts'
import { applySchemaDefaults } from './apply-defaults.ts'
import { loadCelEngine, type CelEngine } from './cel-engine.ts'
import { findRules, runRules, type RuleNode } from './cel-rules.ts'
import { checkCrd, schemaPath } from './check-crd.ts'
import { checkNodeRules } from './check-rules.ts'
import { compileCheck } from './check-schema.ts'
import type { Check, Run } from './check.ts'
import { crdVersions, type CrdVersion } from './crd-document.ts'
import { checkEmbedded, hasEmbedded } from './embedded-resource.ts'
import type { JsonSchema } from './json-schema.ts'
import { createMatcher, type PatternMatcher } from './pattern-matcher.ts'
import { pruneObject, type Pruned } from './prune.ts'
import { walkSchema } from './schema-walk.ts'
import { checkUniqueLists } from './unique-lists.ts'

/** One version of a definition, ready to judge objects. Objects passed in are never changed. */
export interface CompiledVersion extends CrdVersion {
  /** Removes unknown fields and names them: `spec.a`, `spec.list[0].b`. What stays is shared with `object`. */
  prune<T>(object: T): Pruned<T>
  /** Fills in defaults; what stays is shared with `object`. */
  applyDefaults<T>(object: T): T
  /**
   * What is wrong with `object`: schema, repeated list items and, unless these found what blocks them, CEL rules.
   * With `old` it is an update: transition rules run, and errors in unchanged values are forgiven.
   * Throws an Error when the definition has rules and `ready` has not resolved.
   */
  validate(object: unknown, old?: unknown): FieldError[]
}

export interface CompiledCrd {
  /** Why the definition itself must be refused, apart from its rules and patterns. */
  readonly errors: readonly FieldError[]
  /** Every version, served or not, by name. */
  readonly versions: ReadonlyMap<string, CompiledVersion>
  /**
   * Resolves when objects can be judged, with what is wrong with the definition's rules and patterns. Loads the CEL
   * engine only where a definition has rules, or a pattern that JavaScript cannot match as RE2 would.
   */
  readonly ready: Promise<readonly FieldError[]>
}

interface Machine {
  readonly matcher: PatternMatcher
  engine: CelEngine | undefined
}

/**
 * Compiles a CustomResourceDefinition: checks it and prepares each version. A definition with errors still compiles,
 * as far as it can be read.
 */
export function compileCrd(crd: unknown): CompiledCrd {
  const machine: Machine = { matcher: createMatcher(), engine: undefined }
  const versions = crdVersions(crd)
  const errors = checkCrd(crd, machine.matcher.test)
  return {
    errors,
    versions: new Map(versions.map((version) => [version.name, compileVersion(version, machine)])),
    ready: errors.length > 0 ? Promise.resolve([]) : prepare(versions, machine),
  }
}

async function prepare(versions: readonly CrdVersion[], machine: Machine): Promise<readonly FieldError[]> {
  const ruled = versions.some(({ schema }) => schema !== undefined && findRules(schema) !== undefined)
  if (!ruled && machine.matcher.foreign.size === 0) return []
  const engine = await loadCelEngine()
  const errors: FieldError[] = [...machine.matcher.use(engine)]
  for (const [index, { schema }] of versions.entries()) {
    if (schema === undefined) continue
    const root = { schema, path: schemaPath(versions, index), level: 'root', correlated: true } as const
    walkSchema(root, (place) => errors.push(...checkNodeRules(place, engine)))
  }
  machine.engine = engine
  return errors
}

function compileVersion(version: CrdVersion, machine: Machine): CompiledVersion {
  const schema = version.schema ?? {}
  let compiled: Judge | undefined
  return {
    ...version,
    prune: (object) => pruneObject(schema, object),
    applyDefaults: (object) => applySchemaDefaults(schema, object),
    validate(object, old) {
      compiled ??= compileJudge(schema, machine)
      return judge(compiled, object, old, machine)
    },
  }
}

interface Judge {
  readonly schema: JsonSchema
  readonly check: Check
  readonly rules: RuleNode | undefined
  readonly embedded: boolean
}

/** Made at the first object: some definitions have a megabyte of schema and no object ever. */
function compileJudge(schema: JsonSchema, machine: Machine): Judge {
  return {
    schema,
    check: compileCheck(schema, machine.matcher.test),
    rules: findRules(schema, true),
    embedded: hasEmbedded(schema),
  }
}

function judge(
  { schema, check, rules, embedded }: Judge,
  object: unknown,
  old: unknown,
  machine: Machine,
): FieldError[] {
  const run: Run = { path: [], errors: [] }
  check(object, old, run)
  if (embedded) checkEmbedded(object, schema, run)
  run.errors.push(...listErrors(object, old, schema))
  if (rules === undefined) return run.errors
  if (run.errors.some((error) => blocking.has(error.type))) return [...run.errors, rulesNotChecked]
  if (machine.engine === undefined)
    throw new Error('the definition is not ready: its rules cannot be evaluated yet')
  runRules(rules, object, old, machine.engine, run)
  return run.errors
}

/** Repeated items are forgiven as a whole where the old object already had some. */
function listErrors(object: unknown, old: unknown, schema: JsonSchema): FieldError[] {
  const found: Run = { path: [], errors: [] }
  checkUniqueLists(object, schema, found)
  if (found.errors.length === 0 || old === undefined) return found.errors
  const before: Run = { path: [], errors: [] }
  checkUniqueLists(old, schema, before)
  return before.errors.length === 0 ? found.errors : []
}

/** Errors after which rules may not hold what they rely on. */
const blocking: ReadonlySet<FieldErrorType> = new Set<FieldErrorType>([
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

const rulesNotChecked: FieldError = {
  type: 'FieldValueInvalid',
  field: '<nil>',
  badValue: null,
  detail:
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}
