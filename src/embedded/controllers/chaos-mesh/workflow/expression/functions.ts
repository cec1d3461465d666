import type { Expression } from '../../../../../contract/branch-expression/parse.ts'
import { requireBoolean, requireList, sizeOf, type Value } from './values.ts'

/** Evaluates an operand, within braces for one element. */
export type Evaluate = (operand: Expression, element?: Value) => Value

/** The functions of the language. Throws for any other: nobody gave one. */
export function callFunction(name: string, operands: readonly Expression[], evaluate: Evaluate): Value {
  const [first, each] = operands
  if (first === undefined) throw new Error(`cannot call ${name}`)
  if (name === 'len' && operands.length === 1) return sizeOf(evaluate(first))
  if (each === undefined) throw new Error(`cannot call ${name}`)
  const list = requireList(evaluate(first))
  const holds = (element: Value): boolean => requireBoolean(evaluate(each, element))
  switch (name) {
    case 'all':
      return list.every(holds)
    case 'none':
      return !list.some(holds)
    case 'any':
      return list.some(holds)
    case 'one':
      return list.filter(holds).length === 1
    case 'filter':
      return list.filter(holds)
    case 'map':
      return list.map((element) => evaluate(each, element))
    case 'count':
      return BigInt(list.filter(holds).length)
    default:
      throw new Error(`cannot call ${name}`)
  }
}
