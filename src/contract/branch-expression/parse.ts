import { goPattern } from './pattern.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Expression =
  | { readonly is: 'literal'; readonly value: bigint | number | string | boolean | null }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'element' }
  | { readonly is: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly is: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly is: 'matches'; readonly left: Expression; readonly pattern: RegExp }
  | { readonly is: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly is: 'index'; readonly of: Expression; readonly by: Expression }
  | { readonly is: 'slice'; readonly of: Expression; readonly from?: Expression; readonly to?: Expression }
  | { readonly is: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly is: 'list'; readonly items: readonly Expression[] }
  | { readonly is: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }

const binary: Readonly<Record<string, number>> = {
  or: 10,
  '||': 10,
  and: 15,
  '&&': 15,
  '==': 20,
  '!=': 20,
  '<': 20,
  '>': 20,
  '>=': 20,
  '<=': 20,
  in: 20,
  'not in': 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  '..': 25,
  '+': 30,
  '-': 30,
  '*': 60,
  '/': 60,
  '%': 60,
  '**': 70,
}
const unary: Readonly<Record<string, number>> = { not: 50, '!': 50, '-': 500, '+': 500 }
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
])
/** Functions whose second operand is an expression over each element, in braces. */
const overElements: ReadonlySet<string> = new Set(['all', 'none', 'any', 'one', 'filter', 'map', 'count'])

/** Parses an expression of antonmedv/expr 1.8, the version that Chaos Mesh has. Throws; an empty text is no expression. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(tokensOf(source))
  const expression = parser.expression(0)
  parser.end()
  return expression
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  /** How many braces around elements are open. */
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { type: 'end', value: '', at: 0 }
  }

  end(): void {
    if (this.#token.type !== 'end') this.#unexpected()
  }

  #unexpected(): never {
    const { type, value, at } = this.#token
    throw new Error(`unexpected token ${type} ${String(value)} at ${at}`)
  }

  #is(value: string): boolean {
    const { type } = this.#token
    return (type === 'operator' || type === 'bracket') && this.#token.value === value
  }

  #take(value: string): boolean {
    if (!this.#is(value)) return false
    this.#next += 1
    return true
  }

  #expect(value: string): void {
    if (!this.#take(value)) this.#unexpected()
  }

  expression(least: number): Expression {
    let left = this.#primary()
    for (;;) {
      const token = this.#token
      const precedence = token.type === 'operator' ? binary[token.value] : undefined
      if (token.type !== 'operator' || precedence === undefined || precedence < least) break
      this.#next += 1
      const right = this.expression(token.value === '**' ? precedence : precedence + 1)
      left = binaryOf(token.value, left, right)
    }
    return least === 0 ? this.#choice(left) : left
  }

  #choice(test: Expression): Expression {
    let result = test
    while (this.#take('?')) {
      const yes = this.#is(':') ? result : this.expression(0)
      this.#expect(':')
      result = { is: 'choice', test: result, yes, no: this.expression(0) }
    }
    return result
  }

  #primary(): Expression {
    const token = this.#token
    const precedence = token.type === 'operator' ? unary[token.value] : undefined
    if (token.type === 'operator' && precedence !== undefined) {
      this.#next += 1
      return this.#postfix({ is: 'unary', operator: token.value, operand: this.expression(precedence) })
    }
    if (this.#take('(')) {
      const inner = this.expression(0)
      this.#expect(')')
      return this.#postfix(inner)
    }
    if (this.#depth > 0 && this.#take('#')) return this.#postfix({ is: 'element' })
    // Within braces a leading dot reads a field of the element.
    if (this.#depth > 0 && this.#is('.')) return this.#postfix({ is: 'element' })
    return this.#postfix(this.#atom())
  }

  #atom(): Expression {
    const token = this.#token
    if (this.#take('[')) return { is: 'list', items: this.#listUntil(']') }
    if (this.#take('{')) return this.#map()
    if (token.type === 'number' || token.type === 'string') {
      this.#next += 1
      return { is: 'literal', value: token.value }
    }
    if (token.type !== 'identifier') this.#unexpected()
    this.#next += 1
    const constant = constants.get(token.value)
    if (constant !== undefined) return { is: 'literal', value: constant }
    if (!this.#take('(')) return { is: 'name', name: token.value }
    return { is: 'call', name: token.value, operands: this.#operandsOf(token.value) }
  }

  #operandsOf(name: string): Expression[] {
    if (!overElements.has(name)) return this.#listUntil(')')
    const list = this.expression(0)
    this.#expect(',')
    this.#expect('{')
    this.#depth += 1
    const each = this.expression(0)
    this.#depth -= 1
    this.#expect('}')
    this.#expect(')')
    return [list, each]
  }

  #listUntil(close: string): Expression[] {
    const items: Expression[] = []
    while (!this.#take(close)) {
      if (items.length > 0) {
        this.#expect(',')
        if (close === ']' && this.#take(close)) break
      }
      items.push(this.expression(0))
    }
    return items
  }

  #map(): Expression {
    const entries: (readonly [Expression, Expression])[] = []
    while (!this.#take('}')) {
      if (entries.length > 0) {
        this.#expect(',')
        if (this.#take('}')) break
      }
      const key = this.#key()
      this.#expect(':')
      entries.push([key, this.expression(0)])
    }
    return { is: 'map', entries }
  }

  #key(): Expression {
    const token = this.#token
    if (this.#is('(')) return this.expression(0)
    if (token.type !== 'identifier' && token.type !== 'string' && token.type !== 'number') this.#unexpected()
    this.#next += 1
    return { is: 'literal', value: String(token.value) }
  }

  #postfix(start: Expression): Expression {
    let result = start
    for (;;) {
      if (this.#take('.')) {
        const token = this.#token
        const isName =
          token.type === 'identifier' || (token.type === 'operator' && /^[a-z]/i.test(token.value))
        if (!isName) this.#unexpected()
        this.#next += 1
        result = { is: 'index', of: result, by: { is: 'literal', value: token.value } }
      } else if (this.#take('[')) result = this.#subscript(result)
      else return result
    }
  }

  #subscript(of: Expression): Expression {
    const from = this.#is(':') ? undefined : this.expression(0)
    if (from !== undefined && this.#take(']')) return { is: 'index', of, by: from }
    this.#expect(':')
    const to = this.#is(']') ? undefined : this.expression(0)
    this.#expect(']')
    return { is: 'slice', of, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  }
}

/** A pattern given as text has to be a good one, whether it is ever used or not. */
function binaryOf(operator: string, left: Expression, right: Expression): Expression {
  if (operator === 'matches' && right.is === 'literal' && typeof right.value === 'string')
    return { is: 'matches', left, pattern: goPattern(right.value) }
  return { is: 'binary', operator, left, right }
}
