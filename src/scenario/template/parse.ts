import { lex, type Piece } from './lex.ts'
import { parsePipe, TokenReader } from './parse-pipe.ts'
import type { TemplateNode } from './syntax.ts'
import { templateError, type Position } from './template-error.ts'

const blocks = ['if', 'with', 'range'] as const
type Block = (typeof blocks)[number]

/** Parses a template; what Go's text/template knows beyond this is refused by name and place. */
export function parseTemplate(name: string, text: string): readonly TemplateNode[] {
  const parser = new Parser(lex(name, text))
  const { nodes, end } = parser.list(0)
  if (end !== undefined)
    throw templateError(end.at, {
      what: `{{${end.word}}} closes nothing`,
      expected: 'if, with or range before it',
      fix: 'remove it, or open the block',
    })
  return nodes
}

/** What ended a list: `end`, or `else` with what follows it. */
interface End {
  readonly word: 'end' | 'else'
  readonly at: Position
  readonly reader: TokenReader
}

class Parser {
  readonly #pieces: readonly Piece[]
  #next = 0

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  /** Up to the `end` or `else` that belongs to what is open. `loops` counts the ranges around. */
  list(loops: number): { nodes: TemplateNode[]; end: End | undefined } {
    const nodes: TemplateNode[] = []
    for (;;) {
      const piece = this.#pieces[this.#next]
      if (piece === undefined) return { nodes, end: undefined }
      this.#next += 1
      if (piece.kind === 'text') {
        nodes.push({ type: 'text', text: piece.text })
        continue
      }
      const reader = new TokenReader(piece.tokens, piece.at)
      const word = reader.keyword()
      if (word === 'end' || word === 'else') return { nodes, end: { word, at: piece.at, reader } }
      nodes.push(this.#node(reader, word, loops, piece.at))
    }
  }

  #node(reader: TokenReader, word: string | undefined, loops: number, at: Position): TemplateNode {
    const block = blocks.find((candidate) => candidate === word)
    if (block !== undefined) return this.#block(block, reader, loops, at)
    if (word === 'break' || word === 'continue') {
      reader.finish()
      if (loops > 0) return { type: word }
      throw templateError(at, {
        what: `{{${word}}} outside of a range`,
        expected: 'a range around it',
        fix: 'remove it',
      })
    }
    if (word !== undefined)
      throw templateError(at, {
        what: `{{${word}}} is not supported`,
        expected: 'if, with, range, else, end, break, continue or a pipeline',
        fix: 'write what it stands for in its place',
      })
    return { type: 'print', pipe: parsePipe(reader, false) }
  }

  #block(type: Block, reader: TokenReader, loops: number, at: Position): TemplateNode {
    const pipe = parsePipe(reader, type === 'range')
    const { nodes: body, end } = this.list(type === 'range' ? loops + 1 : loops)
    if (end === undefined) throw unclosed(type, at)
    return { type, pipe, body, otherwise: this.#otherwise(type, end, loops, at) }
  }

  /** After `else`: a list, or with `else if` and `else with` a block that shares the `end`. */
  #otherwise(type: Block, end: End, loops: number, at: Position): readonly TemplateNode[] {
    if (end.word === 'end') {
      end.reader.finish()
      return []
    }
    const chained = end.reader.keyword()
    if (chained === 'if' || chained === 'with') return [this.#block(chained, end.reader, loops, end.at)]
    end.reader.finish()
    const { nodes, end: last } = this.list(loops)
    if (last === undefined) throw unclosed(type, at)
    if (last.word === 'end') return nodes
    throw templateError(last.at, {
      what: `a second else of the same ${type}`,
      expected: 'one else, the last',
      fix: 'write else if before it, or remove one',
    })
  }
}

function unclosed(type: Block, at: Position): Error {
  return templateError(at, {
    what: `{{${type}}} is not closed`,
    expected: `{{end}} after it`,
    fix: 'add {{ end }}',
  })
}
