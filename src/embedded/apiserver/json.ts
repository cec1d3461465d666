const serialised = new WeakMap<object, string>()

/** What TypeScript's library does not know yet of ECMAScript 2026. */
interface SourceText {
  /** The text of a number as it was written. */
  readonly source?: string
}
const parse = JSON.parse as (
  text: string,
  reviver?: (key: string, value: unknown, context: SourceText) => unknown,
) => unknown
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }

/** A number of so many digits that it may be none which JavaScript can hold; most texts have none. */
const longNumber = /[:[,\s]-?\d{16,}(?=[,\]}\s])/

/**
 * Reads JSON as Go does where that matters: an integer of 64 bits keeps all of them, as a bigint where a number cannot hold
 * it. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return longNumber.test(text)
    ? parse(text, (_key, value, { source }) => exactly(value, source))
    : parse(text)
}

function exactly(value: unknown, source: string | undefined): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return source !== undefined && /^-?\d+$/.test(source) ? integerOf(BigInt(source)) : value
}

/** An integer as the server holds it: a number if that is exact, a bigint up to 64 bits, beyond them the nearest number. */
export function integerOf(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) || BigInt.asIntN(64, value) !== value ? number : value
}

/**
 * JSON as Go writes it where that matters: U+2028 and U+2029 escaped, since a line splitter of a JavaScript client takes
 * them for line ends and then loses the whole watch event.
 */
export function toJson(value: unknown): string {
  const text = stringify(value)
  return /[\u2028\u2029]/.test(text)
    ? text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    : text
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // It throws for a bigint. A replacer is slow, and there hardly ever is one.
    return JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'bigint' ? rawJSON(String(inner)) : inner,
    )
  }
}

/** JSON of a stored object, made once per version of it. */
export function jsonOf(object: object): string {
  const known = serialised.get(object)
  if (known !== undefined) return known
  const text = toJson(object)
  serialised.set(object, text)
  return text
}

/** Lets go of the text of a version that history alone still holds. */
export function forgetJson(object: object): void {
  serialised.delete(object)
}
