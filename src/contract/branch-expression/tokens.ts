export type Token =
  | { readonly type: 'number'; readonly value: bigint | number; readonly at: number }
  | {
      readonly type: 'string' | 'identifier' | 'operator' | 'bracket'
      readonly value: string
      readonly at: number
    }
  | { readonly type: 'end'; readonly value: ''; readonly at: number }

/** Words that are operators and not names. */
const words: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
])

const patterns: readonly (readonly [Token['type'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['number', /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ['identifier', /[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ['operator', /\*\*|\.\.|&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,#]/y],
  ['bracket', /[()[\]{}]/y],
]

/** Takes an expression apart. Throws for what is part of none. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const [type, text] = readAt(source, at)
    if (type !== 'space') tokens.push(tokenOf(type, text, at))
    at += text.length
  }
  tokens.push({ type: 'end', value: '', at })
  return joinNotIn(tokens)
}

function readAt(source: string, at: number): readonly [Token['type'] | 'space', string] {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0]
    if (text !== undefined) return [type, text]
  }
  throw new Error(`unexpected character at ${at}: ${source.slice(at, at + 10)}`)
}

function tokenOf(type: Token['type'], text: string, at: number): Token {
  if (type === 'number') return { type, value: numberOf(text), at }
  if (type === 'string') return { type, value: unescape(text.slice(1, -1), at), at }
  if (type === 'identifier' && words.has(text)) return { type: 'operator', value: text, at }
  return { type: type as 'identifier', value: text, at }
}

/** Whole numbers are bigints and all others numbers: they do not divide alike. */
function numberOf(text: string): bigint | number {
  const digits = text.replaceAll('_', '')
  return /^(0[xX][0-9a-fA-F]+|\d+)$/.test(digits) ? BigInt(digits) : Number(digits)
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
}

function unescape(text: string, at: number): string {
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs,
    (_all, two?: string, four?: string, eight?: string, one?: string) => {
      const hex = two ?? four ?? eight
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      const plain = escapes[one ?? '']
      if (plain === undefined) throw new Error(`unable to unescape string at ${at}`)
      return plain
    },
  )
}

function joinNotIn(tokens: readonly Token[]): Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const last = joined.at(-1)
    if (isOperator(token, 'in') && last !== undefined && isOperator(last, 'not'))
      joined.splice(-1, 1, { type: 'operator', value: 'not in', at: last.at })
    else joined.push(token)
  }
  return joined
}

function isOperator(token: Token, value: string): boolean {
  return token.type === 'operator' && token.value === value
}
