import { parseExpression } from '../../contract/branch-expression/parse.ts'
import { show } from '../../contract/checks.ts'

/** Why a branch's expression cannot be parsed, if it cannot. An empty one does not mean "always": it is one of those. */
export function expressionMistake(expression: unknown): string | undefined {
  if (typeof expression !== 'string' || expression.trim() === '')
    return `the expression is ${expression === undefined ? 'missing' : show(expression)}`
  try {
    parseExpression(expression)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `the expression ${show(expression)} cannot be parsed (${reason})`
  }
}
