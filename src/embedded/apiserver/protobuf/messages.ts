import { messageTables } from './message-tables.ts'
import { specialTypes } from './special-types.ts'

export interface Field {
  /** Empty where the fields of its message belong to the message around it. */
  readonly name: string
  /** A scalar, a special type or a message, by its name. */
  readonly base: string
  readonly wrap: 'list' | 'map' | undefined
  /** A pointer in Go: zero is not the same as unset. */
  readonly isPointer: boolean
  /** Go writes the zero value to JSON too. */
  readonly keepsZero: boolean
}

export interface Message {
  readonly fields: ReadonlyMap<number, Field>
  /** Those of {@link fields} that JSON has whatever is on the wire. */
  readonly kept: readonly Field[]
}

/** What wraps a protobuf body: the type it is of, and its message in `raw`. */
const envelopeTables: Readonly<Record<string, string>> = {
  TypeMeta: '1:apiVersion:string 2:kind:string',
  Unknown: '1:typeMeta:TypeMeta 2:raw:raw',
}

const parsed = new Map<string, Message>()

/** The message of a name such as `core.Pod`, or `undefined` for a name that is none. */
export function messageOf(name: string): Message | undefined {
  const known = parsed.get(name)
  if (known !== undefined) return known
  const text = tableOf(name)
  if (text === undefined) return undefined
  const message = parseMessage(text, name.slice(0, name.indexOf('.') + 1))
  parsed.set(name, message)
  return message
}

function tableOf(name: string): string | undefined {
  const [group = '', type] = name.split('.')
  if (type === undefined) return specialTypes[name]?.fields
  return group === 'runtime' ? envelopeTables[type] : messageTables[group]?.[type]
}

/** @param scope `core.` for messages of that group */
function parseMessage(text: string, scope: string): Message {
  const entries = text === '' ? [] : text.split(' ').map((part) => parseField(part, scope))
  const fields = new Map(entries)
  return { fields, kept: [...fields.values()].filter((field) => field.keepsZero) }
}

function parseField(text: string, scope: string): [number, Field] {
  const [number = '', name = '', type = ''] = text.split(':')
  const base = /^[\w.]+/.exec(type)?.[0] ?? ''
  const marks = type.slice(base.length)
  // A message without a group is of the same group; all else begins in lower case.
  const isNeighbour = /^[A-Z]/.test(base)
  return [
    Number(number),
    {
      name,
      base: isNeighbour ? `${scope}${base}` : base,
      wrap: marks.includes('[]') ? 'list' : marks.includes('{}') ? 'map' : undefined,
      isPointer: marks.includes('*'),
      keepsZero: marks.includes('!'),
    },
  ]
}
