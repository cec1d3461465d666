const serialised = new WeakMap<object, string>()

/**
 * JSON as Go writes it where that matters: U+2028 and U+2029 escaped, since a line splitter of a JavaScript client takes
 * them for line ends and then loses the whole watch event.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  return /[\u2028\u2029]/.test(text)
    ? text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    : text
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
