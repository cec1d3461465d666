import type { parse } from '@bufbuild/cel'
import { propertyNames } from './cel-escape.ts'
import { additionalSchema, type JsonSchema } from './json-schema.ts'

/** A node of a parsed expression. */
export type CelTree = ReturnType<typeof parse>['expr']

/** Variables in reach, with the schema of their value where it is known. */
type Scope = ReadonlyMap<string, JsonSchema | undefined>

interface Search {
  readonly isFunction: (name: string) => boolean
  readonly problems: string[]
}

const typeNames: ReadonlySet<string> = new Set(
  'bool bytes double dyn int list map null_type string timestamp duration type uint google'.split(' '),
)

/**
 * Names that an expression over `self` and `oldSelf` uses without their being there: variables, functions, and fields
 * that the schema does not declare. The engine itself would only find them at run time.
 */
export function undeclaredNames(
  tree: CelTree,
  self: JsonSchema,
  isFunction: (name: string) => boolean,
): readonly string[] {
  const search: Search = { isFunction, problems: [] }
  resolve(
    tree,
    new Map([
      ['self', self],
      ['oldSelf', self],
    ]),
    search,
  )
  return search.problems
}

/** Looks through a node; returns the schema of its value where that is known. */
function resolve(tree: CelTree | undefined, scope: Scope, search: Search): JsonSchema | undefined {
  const kind = tree?.exprKind
  switch (kind?.case) {
    case 'identExpr':
      return resolveVariable(kind.value.name, scope, search)
    case 'selectExpr':
      return resolveField(resolve(kind.value.operand, scope, search), kind.value.field, search)
    case 'callExpr':
      return resolveCall(kind.value, scope, search)
    case 'listExpr':
      for (const element of kind.value.elements) resolve(element, scope, search)
      return undefined
    case 'structExpr':
      for (const entry of kind.value.entries) {
        if (entry.keyKind.case === 'mapKey') resolve(entry.keyKind.value, scope, search)
        resolve(entry.value, scope, search)
      }
      return undefined
    case 'comprehensionExpr':
      resolveComprehension(kind.value, scope, search)
      return undefined
    default:
      return undefined
  }
}

function resolveVariable(name: string, scope: Scope, search: Search): JsonSchema | undefined {
  if (!scope.has(name) && !typeNames.has(name)) undeclared(name, search)
  return scope.get(name)
}

function undeclared(name: string, search: Search): void {
  search.problems.push(`undeclared reference to '${name}' (in container '')`)
}

const scalars: ReadonlySet<string | undefined> = new Set(['string', 'integer', 'number', 'boolean'])

function resolveField(schema: JsonSchema | undefined, field: string, search: Search): JsonSchema | undefined {
  if (schema === undefined) return undefined
  if (scalars.has(schema.type) && schema.format === undefined) {
    search.problems.push(`type '${schema.type}' does not support field selection`)
    return undefined
  }
  const properties = Object.entries(schema.properties ?? {})
  const named = properties.find(([name]) => propertyNames(name).includes(field))
  if (named !== undefined) return named[1]
  const closed = schema.type === 'object' && schema.additionalProperties === undefined
  const header = schema['x-kubernetes-embedded-resource'] === true
  if (closed && !header && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    search.problems.push(`undefined field '${field}'`)
  }
  return additionalSchema(schema)
}

type Call = Extract<CelTree['exprKind'], { case: 'callExpr' }>['value']

function resolveCall(call: Call, scope: Scope, search: Search): JsonSchema | undefined {
  const target = call.target?.exprKind
  const space = target?.case === 'identExpr' && !scope.has(target.value.name) ? `${target.value.name}.` : ''
  const qualified = space !== '' && search.isFunction(`${space}${call.function}`)
  if (!qualified) {
    resolve(call.target, scope, search)
    if (!isOperator(call.function) && !search.isFunction(call.function)) undeclared(call.function, search)
  }
  const [first] = call.args.map((argument) => resolve(argument, scope, search))
  return call.function === '_[_]' && first !== undefined
    ? (first.items ?? additionalSchema(first))
    : undefined
}

/** Operators have names that no source text can spell. */
function isOperator(name: string): boolean {
  return /\W/.test(name) || name.startsWith('_')
}

type Comprehension = Extract<CelTree['exprKind'], { case: 'comprehensionExpr' }>['value']

function resolveComprehension(loop: Comprehension, scope: Scope, search: Search): void {
  const range = resolve(loop.iterRange, scope, search)
  resolve(loop.accuInit, scope, search)
  const inside = new Map(scope)
  inside.set(loop.iterVar, range?.items)
  if (loop.iterVar2 !== '') inside.set(loop.iterVar2, undefined)
  inside.set(loop.accuVar, undefined)
  for (const part of [loop.loopCondition, loop.loopStep, loop.result]) resolve(part, inside, search)
}
