import { listAt, recordAt, stringAt } from '../object.ts'
import type { LabelMatcher } from '../selectors.ts'

/** A predicate from a metav1.LabelSelector; `undefined` for an empty one, which selects everything. */
export function labelMatcher(selector: Readonly<Record<string, unknown>>): LabelMatcher | undefined {
  const equals = Object.entries(recordAt(selector, 'matchLabels'))
  const expressions = listAt(selector, 'matchExpressions').map(expressionMatcher)
  if (equals.length + expressions.length === 0) return undefined
  return (labels) =>
    equals.every(([key, value]) => labels[key] === value) && expressions.every((matches) => matches(labels))
}

function expressionMatcher(expression: unknown): LabelMatcher {
  const key = stringAt(expression, 'key') ?? ''
  const values = listAt(expression, 'values')
  switch (stringAt(expression, 'operator')) {
    case 'In':
      return (labels) => values.includes(labels[key])
    case 'NotIn':
      return (labels) => !values.includes(labels[key])
    case 'Exists':
      return (labels) => labels[key] !== undefined
    default:
      return (labels) => labels[key] === undefined
  }
}
