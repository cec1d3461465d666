import { parseJson, toJson } from '../json.ts'
import type { ListSchema } from './merge-schema.ts'

export function fieldElement(name: string): string {
  return `f:${name}`
}

/**
 * The element that names an item of an associative list, or `undefined` when it cannot be told: an item that is no map,
 * or lacks every key.
 */
export function itemElement(item: unknown, list: ListSchema): string | undefined {
  if (list.type === 'set') {
    return typeof item === 'object' || item === undefined ? undefined : `v:${goJson(item)}`
  }
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  const fields = item as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of list.keys) {
    const value = fields[key] ?? list.items.map?.fields.get(key)?.default
    if (value !== undefined) text += `${text === '' ? '' : ','}${goJson(key)}:${goJson(value)}`
  }
  return text === '' ? undefined : `k:{${text}}`
}

/** JSON as Go's encoder writes it: it escapes what could end a script element or a line. */
function goJson(value: unknown): string {
  const text = toJson(value)
  return /[<>&\u2028\u2029]/.test(text) ? text.replaceAll(/[<>&\u2028\u2029]/g, escapeChar) : text
}

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** One element as messages show it: `.name`, `[name="a"]`, `[="v"]`, `[0]`. */
export function describeElement(element: string): string {
  const rest = element.slice(2)
  switch (element[0]) {
    case 'k': {
      const keys = Object.entries(parseJson(rest) as Readonly<Record<string, unknown>>)
      return `[${keys.map(([key, value]) => `${key}=${toJson(value)}`).join(',')}]`
    }
    case 'v':
      return `[=${toJson(parseJson(rest))}]`
    case 'i':
      return `[${rest}]`
    default:
      return `.${rest}`
  }
}

export function describePath(path: readonly string[]): string {
  return path.map(describeElement).join('')
}
