import type { CelInput } from '@bufbuild/cel'
import { undeclaredNames } from './cel-names.ts'
import type { JsonSchema } from './json-schema.ts'
import type { PatternTest } from './pattern.ts'

/** What an expression came to: a value, or the text of its run-time error in the words of an API server. */
export type Outcome = { readonly value: unknown } | { readonly error: string }

/** A parsed expression; it is planned when it is first evaluated. */
export interface Expression {
  /** True when the expression reads the variable `oldSelf`. */
  readonly usesOldSelf: boolean
  /** What it names that is not there, for a `self` of the schema. */
  undeclared(self: JsonSchema): readonly string[]
  evaluate(bindings: Readonly<Record<string, CelInput>>): Outcome
}

/** The CEL library behind the few verbs that validation needs. */
export interface CelEngine {
  /** Throws an Error whose message tells where the syntax is wrong. */
  parse(expression: string): Expression
  /** RE2 search for patterns that JavaScript cannot express. Throws when RE2 refuses the pattern. */
  matcher(pattern: string): PatternTest
  /** CEL value of an RFC 3339 time; the text itself when it is none. */
  timestamp(text: string): CelInput
  /** CEL value of a Go duration; the text itself when it is none. */
  duration(text: string): CelInput
}

let loading: Promise<CelEngine> | undefined

/** Loads the engine once per process. It takes about 70 ms of CPU, hence only when a definition needs it. */
export function loadCelEngine(): Promise<CelEngine> {
  loading ??= createEngine()
  return loading
}

async function createEngine(): Promise<CelEngine> {
  const [cel, { strings }] = await Promise.all([import('@bufbuild/cel'), import('@bufbuild/cel/ext')])
  const env = cel.celEnv({ funcs: strings })
  const parsed = new Map<string, Expression>()

  function parse(text: string): Expression {
    const known = parsed.get(text)
    if (known !== undefined) return known
    const tree = cel.parse(text)
    let planned: ReturnType<typeof cel.plan> | undefined
    const expression: Expression = {
      usesOldSelf: text.includes('oldSelf') && readsVariable(tree.expr, 'oldSelf'),
      undeclared: (self) => undeclaredNames(tree.expr, self, (name) => env.funcs.find(name) !== undefined),
      evaluate(bindings) {
        planned ??= cel.plan(env, tree)
        const result = planned(bindings)
        return cel.isCelError(result) ? { error: serverWords(result.message) } : { value: result }
      },
    }
    parsed.set(text, expression)
    return expression
  }

  function valueOf(call: Expression, text: string): CelInput {
    const outcome = call.evaluate({ text })
    return 'value' in outcome ? (outcome.value as CelInput) : text
  }

  return {
    parse,
    matcher(pattern) {
      const search = parse('text.matches(pattern)')
      const probe = search.evaluate({ text: '', pattern })
      if ('error' in probe) throw new Error(probe.error)
      return (text) => {
        const outcome = search.evaluate({ text, pattern })
        return 'value' in outcome && outcome.value === true
      }
    },
    timestamp: (text) => valueOf(parse('timestamp(text)'), text),
    duration: (text) => valueOf(parse('duration(text)'), text),
  }
}

/** Looks for an identifier in a syntax tree; its nodes are plain objects of the CEL protobuf schema. */
function readsVariable(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some((item) => readsVariable(item, name))
  const { case: kind, value } = node as { case?: unknown; value?: { name?: unknown } }
  if (kind === 'identExpr' && value?.name === name) return true
  return Object.values(node).some((child) => readsVariable(child, name))
}

/** The library's run-time errors in the words of the Go implementation. */
function serverWords(message: string): string {
  return message
    .replace(/^field not found: (.*)$/s, 'no such key: $1')
    .replace(/^found no matching overload for .*$/s, 'no such overload')
    .replace(/^(?:int|uint) divide by zero$/, 'division by zero')
    .replace(/^(?:int|uint) modulus by zero$/, 'modulus by zero')
    .replace(/^index (-?\d+) out of bounds.*$/s, 'index out of bounds: $1')
    .replace(/^(?:int|uint) overflow during .*$/, 'integer overflow')
}
