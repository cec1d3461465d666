import { callFunction } from './functions.ts'
import { type Expression, parseExpression } from '../../../../../contract/branch-expression/parse.ts'
import { goPattern } from '../../../../../contract/branch-expression/pattern.ts'
import {
  arithmetic,
  compare,
  equals,
  isIn,
  negated,
  part,
  range,
  requireBoolean,
  requireText,
  slice,
  type Value,
} from './values.ts'

interface Scope {
  readonly names: ReadonlyMap<string, Value>
  /** Within braces: the element they are evaluated for. */
  readonly element?: Value
}

/**
 * Evaluates the expression of a branch over numbers and texts. Throws for a text that is no expression, an operation on what
 * it cannot be done with, and a result other than true or false. A name that nobody gave is nil.
 */
export function evaluateCondition(source: string, names: Readonly<Record<string, number | string>>): boolean {
  const expression = parseExpression(source)
  const values = Object.entries(names).map(([name, value]): [string, Value] => [
    name,
    typeof value === 'number' ? BigInt(value) : value,
  ])
  const result = evaluate(expression, { names: new Map(values) })
  if (typeof result !== 'boolean') throw new Error('expression result is not boolean')
  return result
}

function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.is) {
    case 'literal':
      return expression.value
    case 'name':
      return scope.names.get(expression.name) ?? null
    case 'element':
      return scope.element ?? null
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope))
    case 'binary':
      return binary(expression, scope)
    case 'matches':
      return expression.pattern.test(requireText(evaluate(expression.left, scope)))
    case 'choice':
      return evaluate(
        requireBoolean(evaluate(expression.test, scope)) ? expression.yes : expression.no,
        scope,
      )
    case 'list':
      return expression.items.map((item) => evaluate(item, scope))
    case 'call':
      return callFunction(expression.name, expression.operands, (operand, element) =>
        evaluate(operand, element === undefined ? scope : { ...scope, element }),
      )
    default:
      return access(expression, scope)
  }
}

type Access = Extract<Expression, { is: 'index' | 'slice' | 'map' }>

function access(expression: Access, scope: Scope): Value {
  if (expression.is === 'map')
    return new Map(
      expression.entries.map(([key, value]) => [requireText(evaluate(key, scope)), evaluate(value, scope)]),
    )
  const of = evaluate(expression.of, scope)
  if (expression.is === 'index') return part(of, evaluate(expression.by, scope))
  const bound = (at: Expression | undefined): Value | undefined => at && evaluate(at, scope)
  return slice(of, bound(expression.from), bound(expression.to))
}

function unary(operator: string, operand: Value): Value {
  if (operator === 'not' || operator === '!') return !requireBoolean(operand)
  return negated(operand, operator === '-')
}

function binary({ operator, left, right }: Extract<Expression, { is: 'binary' }>, scope: Scope): Value {
  const a = evaluate(left, scope)
  if (operator === 'and' || operator === '&&')
    return requireBoolean(a) && requireBoolean(evaluate(right, scope))
  if (operator === 'or' || operator === '||')
    return requireBoolean(a) || requireBoolean(evaluate(right, scope))
  const b = evaluate(right, scope)
  switch (operator) {
    case '==':
      return equals(a, b)
    case '!=':
      return !equals(a, b)
    case 'in':
      return isIn(a, b)
    case 'not in':
      return !isIn(a, b)
    case 'matches':
      return goPattern(requireText(b)).test(requireText(a))
    case 'contains':
      return requireText(a).includes(requireText(b))
    case 'startsWith':
      return requireText(a).startsWith(requireText(b))
    case 'endsWith':
      return requireText(a).endsWith(requireText(b))
    case '..':
      return range(a, b)
    case '<':
      return compare(a, b) < 0
    case '<=':
      return compare(a, b) <= 0
    case '>':
      return compare(a, b) > 0
    case '>=':
      return compare(a, b) >= 0
    default:
      return arithmetic(operator, a, b)
  }
}
