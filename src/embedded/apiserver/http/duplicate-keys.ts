import { isRecord } from '../object.ts'

/**
 * Paths of keys that occur more than once in one object of a JSON text, as `JSON.parse` hides them: `spec.a`, `spec.list[0].b`.
 * @param parsed what `JSON.parse` made of the text: while both hold equally many keys nothing is searched
 */
export function duplicateKeys(text: string, parsed: unknown): string[] {
  if (countColons(text) === countKeys(parsed)) return []
  const found = new Set<string>()
  scanValue({ text, at: 0, found }, '')
  return [...found]
}

function countKeys(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0)
  if (!isRecord(value)) return 0
  let count = 0
  for (const key in value) count += 1 + countKeys(value[key])
  return count
}

/** Colons outside of strings: one for each key. */
function countColons(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x3a) count += 1
    else if (code === 0x22) at = stringEnd(text, at)
  }
  return count
}

/** Index of the quote that closes the string opened at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1
  return at
}

interface Scanner {
  readonly text: string
  readonly found: Set<string>
  at: number
}

function skipSpace(scanner: Scanner): string {
  while (/\s/.test(scanner.text[scanner.at] ?? '')) scanner.at += 1
  return scanner.text[scanner.at] ?? ''
}

function scanValue(scanner: Scanner, path: string): void {
  const first = skipSpace(scanner)
  if (first === '{') scanObject(scanner, path)
  else if (first === '[') scanArray(scanner, path)
  else if (first === '"') scanner.at = stringEnd(scanner.text, scanner.at) + 1
  else while (/[^,\]}\s]/.test(scanner.text[scanner.at] ?? ',')) scanner.at += 1
}

function scanObject(scanner: Scanner, path: string): void {
  const seen = new Set<string>()
  scanner.at += 1
  while (skipSpace(scanner) !== '}') {
    if (scanner.text[scanner.at] === ',') scanner.at += 1
    skipSpace(scanner)
    const end = stringEnd(scanner.text, scanner.at) + 1
    const key = String(JSON.parse(scanner.text.slice(scanner.at, end)))
    scanner.at = end
    const child = path === '' ? key : `${path}.${key}`
    if (seen.has(key)) scanner.found.add(child)
    seen.add(key)
    skipSpace(scanner)
    scanner.at += 1
    scanValue(scanner, child)
  }
  scanner.at += 1
}

function scanArray(scanner: Scanner, path: string): void {
  scanner.at += 1
  for (let index = 0; skipSpace(scanner) !== ']'; index += 1) {
    if (scanner.text[scanner.at] === ',') scanner.at += 1
    scanValue(scanner, `${path}[${index}]`)
  }
  scanner.at += 1
}
