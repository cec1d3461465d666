import { isRecord } from '../object.ts'
import { messageTables } from '../protobuf/message-tables.ts'

/** Fields of each message, by its name without a group, that Go leaves out of JSON when they are zero. */
const omitted = new Map<string, ReadonlySet<string>>()
for (const messages of Object.values(messageTables)) {
  for (const [name, fields] of Object.entries(messages)) {
    const marked = fields.split(' ').map((field) => field.split(':').slice(1) as [string, string?])
    // `!` is written all the same, and a pointer knows zero from unset.
    const names = marked.filter(([, type = '']) => !/[!*]/.test(type)).map(([field]) => field)
    omitted.set(name, new Set(names))
  }
}

const none: ReadonlySet<string> = new Set()

/** The fields of a type that are absent when they are zero; `name` without its version, such as `PodSpec`. */
export function omittedZeros(name: string): ReadonlySet<string> {
  return omitted.get(name) ?? none
}

/** Whether Go counts the value as empty; what is no list or map in JSON may be a struct, which never is. */
export function isZero(value: unknown, isMap: boolean): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isRecord(value)) return isMap && Object.keys(value).length === 0
  return value === '' || value === 0 || value === false
}
