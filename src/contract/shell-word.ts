/** A text as one word of a POSIX shell, whatever is in it; always in quotes. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
