import { readFileSync } from 'node:fs'

/** One recorded exchange: status line, headers in lower case, body as text. */
export interface Recorded {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const folder = new URL('../captures/seid/', import.meta.url)

/** The exchanges of one recording, by the text after `##`. */
export function recordings(file: string): ReadonlyMap<string, Recorded> {
  const sections = readFileSync(new URL(file, folder), 'utf8').split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const lines = section.split('\n')
      const blank = lines.indexOf('', 1)
      const headers = lines.slice(2, blank).map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      })
      return [
        lines[0] ?? '',
        {
          status: Number(lines[1]?.split(' ')[1]),
          headers: Object.fromEntries(headers),
          body: lines.slice(blank + 1).join('\n'),
        },
      ]
    }),
  )
}

export function recordedJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
}

const encodings: readonly (readonly [string, RegExp])[] = [
  ['decimal', /^-?\d+$/],
  ['empty', /^$/],
  ['time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/],
  ['HEX of 32 bytes', /^[0-9A-F]{64}$/],
  ['HEX of 20 bytes', /^[0-9A-F]{40}$/],
  ['hex of 20 bytes', /^[0-9a-f]{40}$/],
  ['0x quantity', /^0x[0-9a-f]+$/],
  ['base64 of 32 bytes', /^[A-Za-z0-9+/]{43}=$/],
  ['base64 of 20 bytes', /^[A-Za-z0-9+/]{27}=$/],
  ['height/round/step', /^\d+\/\d+\/\d+$/],
  ['bit array', /^BA\{\d+:[x_]+\} \d+\/\d+ = \d\.\d\d$/],
  [
    'vote',
    /^Vote\{index=\d+:[0-9A-F]{40} \d+\/\d\d\/SIGNED_MSG_TYPE_\w+\(\w+\) [0-9A-F]{12} [0-9A-F]{12} @ .+Z\}$/,
  ],
  ['peer url', /^mconn:\/\/[0-9a-f]{40}@.+:\d+$/],
]

/** A value with every leaf replaced by its encoding, and lists by what is in them: what two answers must share. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((item) => [JSON.stringify(shapeOf(item)), shapeOf(item)]))
    return [...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape)
  }
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]))
  if (typeof value !== 'string') return typeof value
  return encodings.find(([, pattern]) => pattern.test(value))?.[0] ?? 'text'
}
