import type { TemplateValue } from './syntax.ts'
import { shown, typeName, type Fail } from './values.ts'

/** `%s %q %v %d %t %x %f`, with flags `-`, `0`, `+`, width and precision. Go prints what does not fit into the text; here it ends it. */
export function goFormat(format: string, values: readonly TemplateValue[], fail: Fail): string {
  const left = [...values]
  const text = format.replaceAll(
    /%([-+0]*)(\d*)(?:\.(\d+))?(.?)/g,
    (whole, flags, width, precision, verb) => {
      if (verb === '%') return '%'
      if (left.length === 0) fail(`${whole} has no argument`, 'an argument for every verb')
      const body = formatOne(left.shift(), { whole, flags, precision, verb }, fail)
      return padded(body, flags, Number(width || 0))
    },
  )
  if (left.length > 0) fail(`${left.length} arguments have no verb`, 'a verb for every argument')
  return text
}

interface Verb {
  readonly whole: string
  readonly flags: string
  readonly precision: string | undefined
  readonly verb: string
}

function formatOne(value: TemplateValue, { whole, flags, precision, verb }: Verb, fail: Fail): string {
  const misfit = (wanted: string): never => fail(`${whole} of ${typeName(value)}`, wanted)
  const sign = (number: number): string => (flags.includes('+') && number >= 0 ? '+' : '')
  switch (verb) {
    case 'v':
      return shown(value)
    case 's':
      return typeof value === 'string' ? value.slice(0, limit(precision)) : misfit('a string for %s')
    case 'q':
      return typeof value === 'string' ? goQuote(value) : misfit('a string for %q')
    case 't':
      return typeof value === 'boolean' ? String(value) : misfit('a boolean for %t')
    case 'd':
      return typeof value === 'number' && Number.isInteger(value)
        ? `${sign(value)}${value}`
        : misfit('a whole number for %d')
    case 'x':
      if (typeof value === 'string') return Buffer.from(value).toString('hex')
      return typeof value === 'number' ? value.toString(16) : misfit('a string or a number for %x')
    case 'f':
      return typeof value === 'number'
        ? `${sign(value)}${value.toFixed(Number(precision ?? 6))}`
        : misfit('a number for %f')
    default:
      return fail(`${whole} is not supported`, '%s, %q, %v, %d, %t, %x or %f')
  }
}

function limit(precision: string | undefined): number | undefined {
  return precision === undefined ? undefined : Number(precision)
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width)
  return text.padStart(width, flags.includes('0') ? '0' : ' ')
}

const short: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** As Go quotes a string, which is also a double-quoted scalar of YAML. */
function goQuote(text: string): string {
  const inner = text.replaceAll(/["\\]|\p{C}|(?! )\p{Z}/gu, (letter) => {
    const known = short[letter]
    if (known !== undefined) return known
    const code = letter.codePointAt(0) ?? 0
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${inner}"`
}
