import { errorText } from '../../../errors/error-text.ts'
import { loadCelEngine, type CelEngine } from '../schema/cel-engine.ts'
import { toCelValue } from '../schema/cel-values.ts'

/** What the conditions of a webhook come to: it is asked, it is not, or nobody can tell. */
export type Matched = { readonly matches: boolean } | { readonly error: string }

/** Evaluates CEL over `object`, `oldObject` and `request`; one false is enough, whatever fails beside it. */
export async function matchConditions(
  expressions: readonly string[],
  review: Readonly<Record<string, unknown>>,
): Promise<Matched> {
  if (expressions.length === 0) return { matches: true }
  const engine = await loadCelEngine()
  const { object = null, oldObject = null, ...request } = review
  const bindings = {
    object: toCelValue(object, undefined, engine),
    oldObject: toCelValue(oldObject, undefined, engine),
    request: toCelValue(request, undefined, engine),
  }
  const outcomes = expressions.map((expression) => evaluate(engine, expression, bindings))
  if (outcomes.some((outcome) => 'value' in outcome && outcome.value === false)) return { matches: false }
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
  if (errors.length === 0) return { matches: true }
  return { error: errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]` }
}

function evaluate(
  engine: CelEngine,
  expression: string,
  bindings: Parameters<ReturnType<CelEngine['parse']>['evaluate']>[0],
): ReturnType<ReturnType<CelEngine['parse']>['evaluate']> {
  const failed = (why: string): { error: string } => ({
    error: `expression '${expression}' resulted in error: ${why}`,
  })
  try {
    const outcome = engine.parse(expression).evaluate(bindings)
    return 'error' in outcome ? failed(outcome.error) : outcome
  } catch (error) {
    return failed(errorText(error))
  }
}
