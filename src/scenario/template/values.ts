import type { TemplateValue } from './syntax.ts'

/** Ends the template with an error about the function's arguments. */
export type Fail = (what: string, expected: string) => never

/** What Go calls the zero value is false: nothing, 0, false, and what is empty. */
export function isTrue(value: TemplateValue): boolean {
  if (typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

export function typeName(value: TemplateValue): string {
  if (value === undefined) return 'nothing'
  if (typeof value !== 'object') return `a ${typeof value}`
  return Array.isArray(value) ? 'a list' : 'a map'
}

/** As Go prints it. */
export function shown(value: TemplateValue): string {
  if (value === undefined) return '<no value>'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`
  const entries = Object.entries(value as Readonly<Record<string, TemplateValue>>)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${sorted.map(([key, inner]) => `${key}:${shown(inner)}`).join(' ')}]`
}
