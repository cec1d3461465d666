import { looksLikeMnemonic, mnemonicPattern } from './known-mnemonic.ts'

/** What stands where a secret was. */
const redacted = '[redacted]'

/** Names whose values are secrets; references to a secret (`secretName`, `tokenPath`, …) are not. */
const secretName =
  /(priv(ate)?[-_]?key|mnemonic|seed[-_]?phrase|secret|passw(or)?d|passphrase|api[-_]?key|credential|authorization|access[-_]?key|(^|[-_.])token$|(auth|bearer|access|refresh|session|id|lease)[-_]?token)/i
const reference =
  /(name|names|ref|refs|seconds|path|paths|file|dir|mount|type|kind|mode|count|enabled|version|policy)$/i

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !reference.test(name)
}

/** Takes secrets out of everything that is written. One per run, told the secrets it must know by value. */
export interface Redactor {
  text(text: string): string
  /** A copy of plain data without secrets. */
  data(value: unknown): unknown
  /** Further values to remove from now on: keys that the run itself has made. */
  learn(secrets: readonly string[]): void
}

/** `known` are values to remove wherever they appear: the admin key, the lease token. Each also in base64 and without 0x. */
export function createRedactor(known: readonly string[] = []): Redactor {
  const secrets = new Set<string>()
  let values: readonly string[] = []
  let mnemonics: readonly RegExp[] = []
  const learn = (more: readonly string[]): void => {
    for (const secret of more) if (secret.length >= 8) secrets.add(secret)
    values = [...secrets].flatMap(spellings)
    mnemonics = [...secrets].filter(looksLikeMnemonic).map(mnemonicPattern)
  }
  learn(known)
  const text = (input: string): string => redactText(removeKnown(input, values, mnemonics))
  return { text, data: (value) => redactData(value, text), learn }
}

/** Longest first: a spelling may hold a shorter one. */
function spellings(value: string): string[] {
  const bare = value.startsWith('0x') ? value.slice(2) : value
  const bytes = /^[0-9a-f]{64}$/i.test(bare) ? [Buffer.from(bare, 'hex')] : []
  const base64 = [value, bare, ...bytes].map((one) => Buffer.from(one).toString('base64'))
  const all = [value, bare, bare.toUpperCase(), bare.toLowerCase(), encodeURIComponent(value)]
  const unpadded = base64.map((one) => one.replace(/=+$/, ''))
  return [...new Set([...all, ...base64, ...unpadded])].sort((a, b) => b.length - a.length)
}

function removeKnown(input: string, values: readonly string[], mnemonics: readonly RegExp[]): string {
  const text = values.reduce((result, value) => result.replaceAll(value, redacted), input)
  return mnemonics.reduce((result, pattern) => result.replace(pattern, redacted), text)
}

type Rule = readonly [RegExp, string]

const rules: readonly Rule[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  [/\b(bearer|basic)\s+[A-Za-z0-9\-._~+/]{8,}=*/gi, `$1 ${redacted}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, redacted],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\b(gh[pousr]_|github_pat_|xox[abprs]-|sk-)[A-Za-z0-9_-]{16,}/g, redacted],
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${redacted}@`],
]

/** The rest of a line, or of a quoted string, that is short lower-case words and nothing else. */
const words = /(^|[^a-z\s]\s*)((?:[a-z]{3,8} ){11,23}[a-z]{3,8})(?=\s*(?:$|["'`,}\\]))/gm
/** A mnemonic's possible numbers of words. */
const mnemonicLengths: ReadonlySet<number> = new Set([12, 15, 18, 21, 24])

function redactMnemonics(input: string): string {
  return input.replace(words, (whole: string, before: string, found: string) =>
    mnemonicLengths.has(found.split(' ').length) ? `${before}${redacted}` : whole,
  )
}

/**
 * `name=value`, `name: value`, `"name":"value"`, also as JSON within JSON, and command-line flags. Names are looked for
 * from their beginning only: from every character of a long blob it would take quadratic time.
 */
const assignment =
  /(?<![A-Za-z0-9_.-])(?<name>[A-Za-z0-9_.-]*(?:key|mnemonic|phrase|secret|passwd|password|credential|authorization|token)s?)(?<sep>\\*["']?\s*[=:]\s*\\*["']?|\s+(?=0x))(?<value>[^\s"'\\,;&}\]]+)/gi

/** Text without anything that looks like a secret. */
export function redactText(input: string): string {
  const text = rules.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    redactMnemonics(input),
  )
  return text.replace(assignment, (whole: string, name: string, separator: string, value: string) =>
    isSecretName(name) && !isHarmless(value) ? `${name}${separator}${redacted}` : whole,
  )
}

function isHarmless(value: string): boolean {
  return value.startsWith(redacted.slice(0, 4)) || /^(true|false|null|undefined|\{|\[)/.test(value)
}

function redactData(value: unknown, text: (input: string) => string): unknown {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map((item) => redactData(item, text))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Record<string, unknown>
  const isSecret = record.kind === 'Secret'
  const secretValue = typeof record.name === 'string' && isSecretName(record.name)
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => {
      if (isSecret && (key === 'data' || key === 'stringData')) return [key, hideAll(item)]
      if (secretValue && key === 'value') return [key, redacted]
      if (isSecretName(key)) return [key, hideAll(item)]
      return [key, redactData(item, text)]
    }),
  )
}

/** Every string below a secret's name: a key may be an object of type and value. */
function hideAll(value: unknown): unknown {
  if (typeof value === 'string') return redacted
  if (Array.isArray(value)) return value.map(hideAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideAll(item)]))
}
