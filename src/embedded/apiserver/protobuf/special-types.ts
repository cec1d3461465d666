/** A type whose JSON is not an object of its fields. */
export interface SpecialType {
  /** Its message, written as in the message tables. */
  readonly fields: string
  /** Fields that are not on the wire are absent. */
  toJson(fields: Readonly<Record<string, unknown>>): unknown
}

interface Timestamp {
  readonly seconds?: number
  readonly nanos?: number
}

/** By the names that the message tables give them. */
export const specialTypes: Readonly<Record<string, SpecialType>> = {
  time: {
    fields: '1:seconds:int* 2:nanos:int*',
    // Fractions of a second are dropped, as a JSON body has none.
    toJson: (fields) => instantOf(fields, () => ''),
  },
  microTime: {
    fields: '1:seconds:int* 2:nanos:int*',
    toJson: (fields) => instantOf(fields, microseconds),
  },
  quantity: { fields: '1:string:string', toJson: ({ string = '0' }) => string },
  intOrString: {
    fields: '1:type:int 2:intVal:int! 3:strVal:string!',
    toJson: ({ type = 0, intVal, strVal }) => (type === 0 ? intVal : strVal),
  },
  json: { fields: '1:raw:raw', toJson: ({ raw }) => (raw instanceof Uint8Array ? parsed(raw) : null) },
  strings: { fields: '1:items:string[]', toJson: ({ items = [] }) => items },
  schemaOrList: {
    fields: '1:schema:apiextensions.JSONSchemaProps* 2:list:apiextensions.JSONSchemaProps[]',
    toJson: ({ schema = null, list = schema }) => list,
  },
  schemaOrBool: {
    fields: '1:allows:bool! 2:schema:apiextensions.JSONSchemaProps*',
    toJson: ({ allows, schema = allows }) => schema,
  },
  schemaOrStrings: {
    fields: '1:schema:apiextensions.JSONSchemaProps* 2:strings:string[]',
    toJson: ({ schema = null, strings = schema }) => strings,
  },
}

/** RFC 3339 in UTC; null for an empty message, which is how Go writes no time at all. */
function instantOf(fields: Timestamp, fraction: (nanos: number) => string): string | null {
  const { seconds, nanos } = fields
  if (seconds === undefined && nanos === undefined) return null
  const text = new Date((seconds ?? 0) * 1000).toISOString()
  return text.replace(/\.\d+Z$/, `${fraction(nanos ?? 0)}Z`)
}

function microseconds(nanos: number): string {
  return `.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}`
}

function parsed(raw: Uint8Array): unknown {
  return raw.length === 0 ? null : JSON.parse(Buffer.from(raw).toString('utf8'))
}
