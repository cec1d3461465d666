import { positionAt, templateError, type Position } from './template-error.ts'

export type TokenKind = 'dot' | 'field' | 'variable' | 'word' | 'string' | 'number' | 'mark'

/** A token between `{{` and `}}`. */
export interface Token {
  readonly kind: TokenKind
  /** As it stands there; of a string what it means. */
  readonly text: string
  readonly at: Position
  /** Whether white space stands before it: `.A.B` is one operand, `.A .B` are two. */
  readonly spaced: boolean
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: Position }

/** Takes a template apart into text and actions. `{{- ` and ` -}}` take the white space beside them away; comments are left out. */
export function lex(name: string, text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trim = false
  for (;;) {
    const open = text.indexOf('{{', at)
    const plain = text.slice(at, open < 0 ? undefined : open)
    const trimsLeft = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4))
    const kept = trimmed(plain, trim, trimsLeft)
    if (kept !== '') pieces.push({ kind: 'text', text: kept })
    if (open < 0) return pieces
    const action = lexAction(name, text, open, open + (trimsLeft ? 3 : 2))
    if (action.tokens !== undefined)
      pieces.push({ kind: 'action', tokens: action.tokens, at: positionAt(name, text, open) })
    at = action.end
    trim = action.trimsRight
  }
}

function trimmed(text: string, left: boolean, right: boolean): string {
  const cut = left ? text.replace(/^[ \t\r\n]+/, '') : text
  return right ? cut.replace(/[ \t\r\n]+$/, '') : cut
}

interface Action {
  /** Left out for a comment. */
  readonly tokens?: readonly Token[]
  readonly end: number
  readonly trimsRight: boolean
}

function lexAction(name: string, text: string, open: number, from: number): Action {
  const comment = /\s*\/\*[\s\S]*?\*\/(\s+-)?\}\}/y
  comment.lastIndex = from
  const found = comment.exec(text)
  if (found !== null) return { end: comment.lastIndex, trimsRight: found[1] !== undefined }
  const tokens: Token[] = []
  let at = from
  for (;;) {
    const close = /\s+-\}\}|\s*\}\}/y
    close.lastIndex = at
    const closing = close.exec(text)
    if (closing !== null)
      return { tokens, end: close.lastIndex, trimsRight: closing[0].trimStart().startsWith('-') }
    const token = lexToken(name, text, at)
    if (token === undefined)
      throw templateError(positionAt(name, text, open), {
        what: 'the action is not closed',
        expected: '}} at its end',
        fix: 'close it, or write {{"{{"}} for two braces that are text',
      })
    tokens.push(token.token)
    at = token.end
  }
}

const kinds: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['number', /[-+]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\b/y],
  ['field', /\.[A-Za-z_]\w*/y],
  ['dot', /\./y],
  ['variable', /\$\w*/y],
  ['word', /[A-Za-z_]\w*/y],
  ['mark', /:=|[=|(),]/y],
]

/** `undefined` at the end of the text. */
function lexToken(name: string, text: string, from: number): { token: Token; end: number } | undefined {
  const space = /\s*/y
  space.lastIndex = from
  space.exec(text)
  const start = space.lastIndex
  if (start >= text.length) return undefined
  const at = positionAt(name, text, start)
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = start
    const found = pattern.exec(text)?.[0]
    if (found === undefined) continue
    const meant = kind === 'string' ? unquote(found, at) : found
    return { token: { kind, text: meant, at, spaced: start > from }, end: start + found.length }
  }
  throw templateError(at, {
    what: `${JSON.stringify(text.slice(start, start + 8))} is no part of an action`,
    expected: 'names, .FIELDS, $variables, strings, numbers, parentheses and |',
    fix: 'correct the action, or close it with }} before',
  })
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

function unquote(quoted: string, at: Position): string {
  const inner = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return inner
  return inner.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/g,
    (whole, code: string) => {
      if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
      if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
      const meant = escapes[code]
      if (meant !== undefined) return meant
      throw templateError(at, {
        what: `${whole} is no escape of a Go string`,
        expected: String.raw`one of \n, \t, \", \\, \xHH, \uHHHH`,
        fix: 'write the backslash twice, or put the string in `backquotes`',
      })
    },
  )
}
