import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

import { isRecord } from '../object.ts'
import { messageOf, type Field, type Message } from './messages.ts'
import { specialTypes } from './special-types.ts'

type Fields = Record<string, unknown>

interface Scalar {
  readonly wire: WireType
  readonly zero: unknown
  read(reader: BinaryReader): unknown
}

/** By the names that the message tables give them. Lists of numbers may be packed; Go does not, but reads both. */
const scalars: Readonly<Record<string, Scalar>> = {
  string: { wire: WireType.LengthDelimited, zero: '', read: (reader) => reader.string() },
  int: { wire: WireType.Varint, zero: 0, read: (reader) => Number(reader.int64()) },
  bool: { wire: WireType.Varint, zero: false, read: (reader) => reader.bool() },
  double: { wire: WireType.Bit64, zero: 0, read: (reader) => reader.double() },
  bytes: {
    wire: WireType.LengthDelimited,
    zero: '',
    read: (reader) => Buffer.from(reader.bytes()).toString('base64'),
  },
  raw: { wire: WireType.LengthDelimited, zero: null, read: (reader) => reader.bytes() },
}

/**
 * The JSON that Go makes of the message `name` once it has read it from `bytes`. Fields that the message does not know are
 * skipped.
 * @throws Error for bytes that are no such message
 */
export function readMessage(name: string, bytes: Uint8Array): Record<string, unknown> {
  return readFields(required(name), new BinaryReader(bytes), {})
}

function required(name: string): Message {
  const message = messageOf(name)
  if (message === undefined) throw new Error(`no message ${name}`)
  return message
}

function readFields(message: Message, reader: BinaryReader, into: Fields): Fields {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = message.fields.get(number)
    if (field === undefined) reader.skip(wire, number)
    else readField(field, wire, reader, into)
  }
  for (const field of message.kept) {
    if (field.name === '') readFields(required(field.base), emptyReader(), into)
    else into[field.name] ??= zeroOf(field)
  }
  return into
}

function emptyReader(): BinaryReader {
  return new BinaryReader(new Uint8Array())
}

function readField(field: Field, wire: WireType, reader: BinaryReader, into: Fields): void {
  const { name, wrap } = field
  if (wrap === 'map') {
    readEntry(field, nested(field, wire, reader), into)
  } else if (wrap === 'list') {
    const list = (into[name] ??= []) as unknown[]
    list.push(...readItems(field, wire, reader))
  } else if (name === '') {
    readFields(required(field.base), nested(field, wire, reader), into)
  } else {
    // A message that comes in parts is the sum of them.
    const value = readValue(field, wire, reader, into[name])
    if (isZero(value) && !field.isPointer) delete into[name]
    else into[name] = value
  }
}

function readItems(field: Field, wire: WireType, reader: BinaryReader): unknown[] {
  const scalar = scalars[field.base]
  const isPacked = scalar !== undefined && scalar.wire !== wire && wire === WireType.LengthDelimited
  if (!isPacked) return [readValue(field, wire, reader)]
  const packed = new BinaryReader(reader.bytes())
  const items: unknown[] = []
  while (packed.pos < packed.len) items.push(scalar.read(packed))
  return items
}

/** One entry of a map: its key is field 1, its value field 2. */
function readEntry(field: Field, reader: BinaryReader, into: Fields): void {
  let key = ''
  let value: unknown
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    if (number === 1) key = reader.string()
    else if (number === 2) value = readValue(field, wire, reader)
    else reader.skip(wire, number)
  }
  value ??= zeroValue(field.base)
  const map = (into[field.name] ??= {}) as Fields
  // Not assigned: the key may be `__proto__`.
  Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true })
}

function readValue(field: Field, wire: WireType, reader: BinaryReader, before?: unknown): unknown {
  const scalar = scalars[field.base]
  if (scalar !== undefined) {
    requireWire(field, wire, scalar.wire)
    return scalar.read(reader)
  }
  const inner = nested(field, wire, reader)
  const special = specialTypes[field.base]
  const started = special === undefined && isRecord(before) ? before : {}
  const fields = readFields(required(field.base), inner, started)
  return special === undefined ? fields : special.toJson(fields)
}

/** A reader of the message or map entry at the cursor, and of nothing beyond it. */
function nested(field: Field, wire: WireType, reader: BinaryReader): BinaryReader {
  requireWire(field, wire, WireType.LengthDelimited)
  return new BinaryReader(reader.bytes())
}

function requireWire(field: Field, wire: WireType, wanted: WireType): void {
  if (wire !== wanted) throw new Error(`proto: wrong wireType = ${wire} for field ${field.name}`)
}

/** A scalar's zero, or no time: what Go leaves out of the JSON of a field with `omitempty`. */
function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false || value === null
}

function zeroOf(field: Field): unknown {
  return field.isPointer || field.wrap !== undefined ? null : zeroValue(field.base)
}

function zeroValue(base: string): unknown {
  const scalar = scalars[base]
  if (scalar !== undefined) return scalar.zero
  const fields = readFields(required(base), emptyReader(), {})
  return specialTypes[base]?.toJson(fields) ?? (base in specialTypes ? null : fields)
}
