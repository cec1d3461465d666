import type { Token, TokenKind } from './lex.ts'
import type { Command, Operand, Pipe } from './syntax.ts'
import { templateError, type Position } from './template-error.ts'

/** Words that are no functions. */
const keywords: ReadonlySet<string> = new Set([
  'if',
  'with',
  'range',
  'else',
  'end',
  'break',
  'continue',
  'define',
  'template',
  'block',
])

/** Reads the tokens of one action, one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  readonly #at: Position
  #next = 0

  constructor(tokens: readonly Token[], at: Position) {
    this.#tokens = tokens
    this.#at = at
  }

  get at(): Position {
    return this.peek()?.at ?? this.#at
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead]
  }

  /** The next token, where it is of this kind and text. */
  take(kind: TokenKind, text?: string): Token | undefined {
    const token = this.peek()
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined
    this.#next += 1
    return token
  }

  keyword(): string | undefined {
    const word = this.peek()
    return word?.kind === 'word' && keywords.has(word.text) ? this.take('word')?.text : undefined
  }

  /** Throws unless everything was read. */
  finish(): void {
    const token = this.peek()
    if (token !== undefined) throw unexpected(token.at, `${JSON.stringify(token.text)} is too much`)
  }
}

/** A pipeline to the end of its action. */
export function parsePipe(reader: TokenReader, range: boolean): Pipe {
  const pipe = readPipe(reader, range)
  reader.finish()
  return pipe
}

function readPipe(reader: TokenReader, range: boolean): Pipe {
  const { at } = reader
  const { variables, assigns } = readVariables(reader, range)
  const commands = [readCommand(reader)]
  while (reader.take('mark', '|') !== undefined) commands.push(readCommand(reader))
  const piped = commands.slice(1).find(({ first }) => first.type !== 'function')
  if (piped !== undefined) throw unexpected(piped.at, 'what stands after | is no function')
  return { variables, assigns, commands, at }
}

/** `$x :=`, `$x =`, and in a range `$at, $item :=`. */
function readVariables(reader: TokenReader, range: boolean): Pick<Pipe, 'variables' | 'assigns'> {
  const none = { variables: [], assigns: false }
  if (reader.peek()?.kind !== 'variable') return none
  const two = range && reader.peek(1)?.text === ',' && reader.peek(2)?.kind === 'variable'
  const mark = reader.peek(two ? 3 : 1)
  if (mark?.kind !== 'mark' || (mark.text !== ':=' && mark.text !== '=')) return none
  const variables: string[] = []
  for (let count = 0; count < (two ? 2 : 1); count += 1) {
    variables.push(reader.take('variable')?.text ?? '')
    reader.take('mark')
  }
  return { variables, assigns: mark.text === '=' }
}

function readCommand(reader: TokenReader): Command {
  const { at } = reader
  const first = readOperand(reader)
  if (first === undefined) throw unexpected(at, 'an operand is missing')
  if (first.type === 'literal' && first.value === undefined)
    throw unexpected(at, 'nil is no value of its own')
  const rest: Operand[] = []
  for (;;) {
    const operand = readOperand(reader)
    if (operand === undefined) break
    rest.push(operand)
  }
  const [surplus] = rest
  if (first.type !== 'function' && surplus !== undefined)
    throw unexpected(surplus.at, 'arguments follow what is no function')
  return { first, rest, at }
}

/** `undefined` where the command ends. */
function readOperand(reader: TokenReader): Operand | undefined {
  const { at } = reader
  const field = reader.take('field')
  if (field !== undefined) return { type: 'dot', at, path: [field.text.slice(1), ...readPath(reader)] }
  if (reader.take('dot') !== undefined) return { type: 'dot', at, path: [] }
  const variable = reader.take('variable')
  if (variable !== undefined) return { type: 'variable', at, name: variable.text, path: readPath(reader) }
  const string = reader.take('string')
  if (string !== undefined) return { type: 'literal', at, value: string.text }
  const number = reader.take('number')
  if (number !== undefined) return { type: 'literal', at, value: Number(number.text) }
  const word = reader.take('word')
  if (word !== undefined) return readWord(word)
  if (reader.take('mark', '(') === undefined) return undefined
  const pipe = readPipe(reader, false)
  if (reader.take('mark', ')') === undefined) throw unexpected(reader.at, 'a parenthesis is not closed')
  return { type: 'pipe', at, pipe, path: readPath(reader) }
}

function readWord({ text, at }: Token): Operand {
  if (text === 'true' || text === 'false') return { type: 'literal', at, value: text === 'true' }
  if (text === 'nil') return { type: 'literal', at, value: undefined }
  if (keywords.has(text)) throw unexpected(at, `${text} in the middle of an action`)
  return { type: 'function', at, name: text }
}

/** Fields that follow without a space. */
function readPath(reader: TokenReader): string[] {
  const path: string[] = []
  while (reader.peek()?.kind === 'field' && reader.peek()?.spaced === false)
    path.push(reader.take('field')?.text.slice(1) ?? '')
  return path
}

function unexpected(at: Position, what: string): Error {
  return templateError(at, {
    what,
    expected: 'a pipeline: .FIELD, "text", or a function and its arguments, joined by |',
    fix: 'correct the action',
  })
}
