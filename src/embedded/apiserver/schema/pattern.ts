/** Where a pattern cannot be said in JavaScript's own syntax with the same meaning, something else has to match it. */
export type PatternTest = (text: string) => boolean

const space = '\\t\\n\\f\\r '
/** Escapes that mean the same in RE2 and, with the `u` flag, in JavaScript. */
const sameEscapes = new Set('dDwWbBfnrtv.*+?()[]{}|^$\\/')
/** RE2 lets any punctuation be escaped; under `u` these must stand bare outside a class. */
const needlessEscapes = new Set('-_:,;!"#%&\'<=>@`~ ')

/**
 * A JavaScript expression that matches exactly what the RE2 `pattern` does (unanchored search over code points), or
 * `undefined` when the pattern uses syntax the two do not share (named classes, flags, `\A`, `\C`, …).
 */
export function translatePattern(pattern: string): RegExp | undefined {
  const source = translate(pattern)
  if (source === undefined) return undefined
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}

function translate(pattern: string): string | undefined {
  let out = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string
    if (char === '\\') {
      const escaped = translateEscape(pattern[at + 1])
      if (escaped === undefined) return undefined
      out += escaped
      at += 1
    } else if (char === '[') {
      const end = classEnd(pattern, at)
      const body = end === undefined ? undefined : translateClass(pattern.slice(at + 1, end))
      if (end === undefined || body === undefined) return undefined
      out += body
      at = end
    } else if (char === '(' && pattern[at + 1] === '?' && pattern[at + 2] !== ':') {
      return undefined
    } else {
      out += char === '.' ? '[^\\n]' : char
    }
  }
  return out
}

function translateEscape(char: string | undefined): string | undefined {
  if (char === undefined) return undefined
  if (char === 's') return `[${space}]`
  if (char === 'S') return `[^${space}]`
  if (sameEscapes.has(char)) return `\\${char}`
  return needlessEscapes.has(char) ? char : undefined
}

/** Index of the `]` that closes the class opened at `start`. */
function classEnd(pattern: string, start: number): number | undefined {
  let at = start + 1
  if (pattern[at] === '^') at += 1
  // A `]` that comes first is a member in RE2 and an empty class in JavaScript.
  if (pattern[at] === ']') return undefined
  for (; at < pattern.length; at++) {
    if (pattern[at] === '\\') at += 1
    else if (pattern[at] === '[' && pattern[at + 1] === ':') return undefined
    else if (pattern[at] === ']') return at
  }
  return undefined
}

function translateClass(body: string): string | undefined {
  let out = ''
  for (let at = 0; at < body.length; at++) {
    const char = body[at] as string
    if (char !== '\\') {
      out += char === '[' ? '\\[' : char
      continue
    }
    const next = body[at + 1]
    at += 1
    if (next === 's') out += space
    else if (next === undefined || next === 'S' || next === 'b' || next === 'B') return undefined
    else if (sameEscapes.has(next) || next === '-') out += `\\${next}`
    else if (needlessEscapes.has(next)) out += next
    else return undefined
  }
  return `[${out}]`
}
