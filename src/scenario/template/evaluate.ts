import { closest } from '../../contract/closest.ts'
import { functions } from './functions.ts'
import type { Command, Operand, Pipe, TemplateNode, TemplateValue } from './syntax.ts'
import { templateError, type Position } from './template-error.ts'
import { isTrue, shown, typeName } from './values.ts'

type Map = Readonly<Record<string, TemplateValue>>

function isMap(value: TemplateValue): value is Map {
  return typeof value === 'object' && !Array.isArray(value)
}

/** Ends the turn of a range, or all of it. */
class LoopEnd extends Error {
  readonly kind: 'break' | 'continue'

  constructor(kind: 'break' | 'continue') {
    super(kind)
    this.kind = kind
  }
}

/** Writes what a parsed template gives for `values`. */
export class Evaluation {
  readonly #variables: { readonly name: string; value: TemplateValue }[]
  #out = ''

  constructor(values: Map) {
    this.#variables = [{ name: '$', value: values }]
  }

  run(nodes: readonly TemplateNode[], dot: TemplateValue): string {
    this.#list(nodes, dot)
    return this.#out
  }

  /** What is declared within is forgotten after it. */
  #list(nodes: readonly TemplateNode[], dot: TemplateValue): void {
    const depth = this.#variables.length
    try {
      for (const node of nodes) this.#node(node, dot)
    } finally {
      this.#variables.length = depth
    }
  }

  #node(node: TemplateNode, dot: TemplateValue): void {
    switch (node.type) {
      case 'text':
        this.#out += node.text
        return
      case 'print': {
        const value = this.#pipe(node.pipe, dot)
        if (node.pipe.variables.length === 0) this.#out += shown(value)
        return
      }
      case 'break':
      case 'continue':
        throw new LoopEnd(node.type)
      case 'range':
        this.#scoped(() => this.#range(node, dot))
        return
      default:
        this.#scoped(() => {
          const value = this.#pipe(node.pipe, dot)
          const inner = node.type === 'with' ? value : dot
          if (isTrue(value)) this.#list(node.body, inner)
          else this.#list(node.otherwise, dot)
        })
    }
  }

  #scoped(body: () => void): void {
    const depth = this.#variables.length
    body()
    this.#variables.length = depth
  }

  #range(node: TemplateNode & { type: 'range' | 'if' | 'with' }, dot: TemplateValue): void {
    const { pipe, body, otherwise } = node
    const over = this.#commands(pipe, dot)
    if (typeof over === 'number' && pipe.variables.length === 2)
      throw templateError(pipe.at, {
        what: 'range over a number has one variable',
        expected: 'range $i := 3',
        fix: 'remove the second variable',
      })
    const entries = entriesOf(over, pipe.at)
    if (entries.length === 0) return this.#list(otherwise, dot)
    for (const [key, value] of entries) {
      const depth = this.#variables.length
      const given = pipe.variables.length === 2 ? [key, value] : [value]
      for (const [at, name] of pipe.variables.entries()) this.#set(name, given[at], pipe)
      try {
        this.#list(body, value)
      } catch (error) {
        if (!(error instanceof LoopEnd)) throw error
        if (error.kind === 'break') return
      } finally {
        this.#variables.length = depth
      }
    }
  }

  #pipe(pipe: Pipe, dot: TemplateValue): TemplateValue {
    const value = this.#commands(pipe, dot)
    for (const name of pipe.variables) this.#set(name, value, pipe)
    return value
  }

  #set(name: string, value: TemplateValue, { assigns, at }: Pipe): void {
    if (!assigns) this.#variables.push({ name, value })
    else this.#variable(name, at).value = value
  }

  #variable(name: string, at: Position): { value: TemplateValue } {
    const found = this.#variables.findLast((variable) => variable.name === name)
    if (found !== undefined) return found
    throw templateError(at, {
      what: `variable ${name} is not declared here`,
      expected: `${name} := … before it, in the same block or around it`,
      fix: `declare ${name}, or correct its name`,
    })
  }

  #commands({ commands }: Pipe, dot: TemplateValue): TemplateValue {
    let value: TemplateValue
    for (const [at, command] of commands.entries())
      value = this.#command(command, dot, at === 0 ? [] : [value])
    return value
  }

  #command({ first, rest, at }: Command, dot: TemplateValue, piped: readonly TemplateValue[]): TemplateValue {
    if (first.type !== 'function') return this.#operand(first, dot)
    return this.#call(first.name, at, [
      ...rest.map((operand) => () => this.#operand(operand, dot)),
      ...piped.map((value) => () => value),
    ])
  }

  #operand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.type) {
      case 'literal':
        return operand.value
      case 'function':
        return this.#call(operand.name, operand.at, [])
      case 'dot':
        return follow(dot, operand.path, operand.at)
      case 'variable':
        return follow(this.#variable(operand.name, operand.at).value, operand.path, operand.at)
      case 'pipe':
        return follow(this.#pipe(operand.pipe, dot), operand.path, operand.at)
    }
  }

  #call(name: string, at: Position, args: readonly (() => TemplateValue)[]): TemplateValue {
    const fn = functions.get(name)
    if (fn === undefined) {
      const near = closest(name, [...functions.keys()])
      throw templateError(at, {
        what: `there is no function ${name}`,
        expected: `one of ${[...functions.keys()].join(', ')}`,
        fix: near === undefined ? `a value of that name is written .${name}` : `did you mean ${near}?`,
      })
    }
    return fn(args, (what, expected) => {
      throw templateError(at, { what: `${name}: ${what}`, expected, fix: `correct the arguments of ${name}` })
    })
  }
}

function follow(value: TemplateValue, path: readonly string[], at: Position): TemplateValue {
  let here = value
  for (const key of path) {
    if (!isMap(here))
      throw templateError(at, {
        what: `.${key} is asked of ${typeName(here)}`,
        expected: 'a value that has fields',
        fix: `remove .${key}; within range and with, $.${key} is the one outside`,
      })
    if (!Object.hasOwn(here, key)) throw missing(key, here, at)
    here = here[key]
  }
  return here
}

function missing(key: string, among: Map, at: Position): Error {
  const known = Object.keys(among).toSorted()
  const near = closest(key, known)
  const given = `pass ${key}, or ask for what may be missing by index . ${JSON.stringify(key)}`
  return templateError(at, {
    what: `${key} has no value`,
    expected: known.length === 0 ? 'a value for it' : `one of ${known.join(', ')}`,
    fix: near === undefined ? given : `did you mean ${near}? Else ${given}`,
  })
}

/** Maps in the order of their keys, as Go has it; a number counts from 0. */
function entriesOf(value: TemplateValue, at: Position): (readonly [string | number, TemplateValue])[] {
  if (value === undefined) return []
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index])
  if (Array.isArray(value)) return value.map((item: TemplateValue, index) => [index, item])
  if (isMap(value)) return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  throw templateError(at, {
    what: `range over ${typeName(value)}`,
    expected: 'a list, a map or a number',
    fix: 'range over something that has items',
  })
}
