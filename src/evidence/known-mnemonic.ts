/** What may stand between two words: spaces, line breaks also as JSON writes them, numbers, quotes, a log's timestamps. */
const between = String.raw`(?:\\[nrt]?|\d{4}-\d\d-\d\dT[\d:.]{8,18}Z|[^a-z\\]){1,24}`
/** So many words in a row are a part of it that is worth hiding. */
const least = 4
const shortest = 12

/** Whether text is a mnemonic by its form: so many words of letters and nothing else. */
export function looksLikeMnemonic(text: string): boolean {
  return /^[a-z]+(?: [a-z]+)+$/.test(text) && text.split(' ').length >= shortest
}

/**
 * Finds a known mnemonic however it is laid out: on lines of its own, numbered, in a list, in part. A log that begins or ends
 * within one holds a part of it.
 */
export function mnemonicPattern(mnemonic: string): RegExp {
  const words = mnemonic.split(' ')
  // From each word on: the next three must follow, as many more may.
  const runs = words.slice(0, words.length - least + 1).map((_, from) => {
    const must = words.slice(from, from + least).join(between)
    const may = words.slice(from + least).reduceRight((rest, word) => `(?:${between}${word}${rest})?`, '')
    return `${must}${may}`
  })
  return new RegExp(String.raw`(?<=^|[^a-z]|\\[nrt])(?:${runs.join('|')})(?![a-z])`, 'gi')
}
