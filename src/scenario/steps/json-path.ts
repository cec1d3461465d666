import { isPlainObject } from '../../contract/checks.ts'

/** A key, a place in a list, or every item. */
type Step = string | number | typeof every
const every = Symbol('every item')

/**
 * Reads `.status.outputs.govVote.txHash`, `{.items[0].name}`, `.labels['a.b']`, `.items[*].name` as kubectl does: several values
 * are joined by a space, what is no text is JSON. `undefined` where nothing is there, or the empty string. Throws a
 * RangeError for what is no such path.
 */
export function readJsonPath(path: string, value: unknown): string | undefined {
  const found = parse(path).reduce<readonly unknown[]>(
    (values, step) => values.flatMap((one) => take(one, step)),
    [value],
  )
  const text = found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')
  return text.trim() === '' ? undefined : text.trim()
}

export function isJsonPath(path: string): boolean {
  try {
    parse(path)
    return true
  } catch {
    return false
  }
}

function parse(path: string): Step[] {
  const inner = /^\{(.*)\}$/s.exec(path.trim())?.[1] ?? path.trim()
  const rest = inner.startsWith('$') ? inner.slice(1) : inner
  const pattern = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|(\[\*\]|\.\*)/y
  const steps: Step[] = []
  while (pattern.lastIndex < rest.length) {
    const found = pattern.exec(rest)
    if (found === null) throw new RangeError(`${JSON.stringify(path)} is not understood as a JSON path`)
    const [, name, index, single, double] = found
    steps.push(name ?? single ?? double ?? (index === undefined ? every : Number(index)))
  }
  if (steps.length > 0) return steps
  throw new RangeError('the JSON path is empty')
}

function take(value: unknown, step: Step): unknown[] {
  if (step === every) return Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : []
  const inner =
    typeof step === 'number'
      ? Array.isArray(value)
        ? (value as unknown[])[step]
        : undefined
      : isPlainObject(value) && Object.hasOwn(value, step)
        ? value[step]
        : undefined
  return inner === undefined || inner === null ? [] : [inner]
}
