import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { messageTables, type MessageName, type Messages } from './messages.ts'

interface Field {
  readonly number: number
  readonly name: string
  readonly kind: string
  readonly list: boolean
}

const parsed = new Map<MessageName, readonly Field[]>()

function fieldsOf(name: MessageName): readonly Field[] {
  const known = parsed.get(name)
  if (known !== undefined) return known
  const fields = messageTables[name].split(' ').map((entry) => {
    const [number = '', field = '', type = ''] = entry.split(':')
    return { number: Number(number), name: field, kind: type.replace('[]', ''), list: type.endsWith('[]') }
  })
  parsed.set(name, fields)
  return fields
}

/** A message as protobuf bytes: fields by number, zero values left out, as Go writes them. */
export function encode<K extends MessageName>(name: K, message: Messages[K]): Uint8Array {
  const writer = new BinaryWriter()
  const values = message as Readonly<Record<string, unknown>>
  for (const field of fieldsOf(name)) {
    const value = values[field.name]
    if (field.list) for (const item of value as readonly unknown[]) write(writer, field, item)
    else if (!isZero(value)) write(writer, field, value)
  }
  return writer.finish()
}

function isZero(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0
  return value === undefined || value === '' || value === 0 || value === false
}

function write(writer: BinaryWriter, { number, kind }: Field, value: unknown): void {
  if (kind === 'int') writer.tag(number, WireType.Varint).int64(value as number)
  else if (kind === 'bool') writer.tag(number, WireType.Varint).bool(value as boolean)
  else {
    const bytes =
      kind === 'string'
        ? Buffer.from(value as string)
        : kind === 'bytes'
          ? (value as Uint8Array)
          : encode(kind as MessageName, value as Messages[MessageName])
    writer.tag(number, WireType.LengthDelimited).bytes(bytes)
  }
}

/**
 * Reads a message; unknown fields are skipped, absent ones have their zero value.
 * @throws Error for bytes that are no such message
 */
export function decode<K extends MessageName>(name: K, bytes: Uint8Array): Messages[K] {
  const fields = fieldsOf(name)
  const values: Record<string, unknown> = {}
  for (const field of fields) values[field.name] = field.list ? [] : zeroOf(field.kind)
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = fields.find((one) => one.number === number)
    if (field === undefined) reader.skip(wire, number)
    else if (field.list) (values[field.name] as unknown[]).push(read(reader, field, wire))
    else values[field.name] = read(reader, field, wire)
  }
  return values as unknown as Messages[K]
}

function zeroOf(kind: string): unknown {
  const zeros: Readonly<Record<string, unknown>> = {
    string: '',
    int: 0,
    bool: false,
    bytes: new Uint8Array(),
  }
  return zeros[kind]
}

function read(reader: BinaryReader, { kind, name }: Field, wire: WireType): unknown {
  const isVarint = kind === 'int' || kind === 'bool'
  if (wire !== (isVarint ? WireType.Varint : WireType.LengthDelimited))
    throw new Error(`proto: wrong wireType = ${wire} for field ${name}`)
  if (kind === 'int') return Number(reader.int64())
  if (kind === 'bool') return reader.bool()
  if (kind === 'string') return reader.string()
  const bytes = Uint8Array.from(reader.bytes())
  return kind === 'bytes' ? bytes : decode(kind as MessageName, bytes)
}
