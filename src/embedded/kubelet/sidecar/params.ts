/** Parameters of a sidecar task as they came over the wire; these readers throw what the task reports. */
export type Params = Readonly<Record<string, unknown>>

export function text(params: Params, key: string): string {
  const value = params[key]
  if (typeof value !== 'string' || value === '') throw new Error(`missing required parameter ${key}`)
  return value
}

export function optionalText(params: Params, key: string): string | undefined {
  const value = params[key]
  return typeof value === 'string' ? value : undefined
}

export function stringMap(params: Params, key: string): Record<string, string> {
  const value = params[key] ?? {}
  if (!isObject(value)) throw new Error(`parameter ${key} must be an object`)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)]))
}

export function stringList(params: Params, key: string): string[] {
  const value = params[key] ?? []
  if (!Array.isArray(value)) throw new Error(`parameter ${key} must be an array`)
  return value.map(String)
}

export function objectList(params: Params, key: string): Record<string, unknown>[] {
  const value = params[key] ?? []
  if (!Array.isArray(value)) throw new Error(`parameter ${key} must be an array`)
  return value.filter(isObject)
}

/** The value at a path of nested objects, or `undefined`. */
export function path(params: Params, ...keys: readonly string[]): unknown {
  let value: unknown = params
  for (const key of keys) value = isObject(value) ? value[key] : undefined
  return value
}

export function commaList(value: string): string[] {
  return value.split(',').filter((item) => item !== '')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
