/** One item of RLP: bytes, or a list of items. */
export type RlpItem = Uint8Array | readonly RlpItem[]

/** Throws on anything that is not exactly one item. */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const [item, end] = read(bytes, 0)
  if (end !== bytes.length) throw new Error('rlp: input contains more than one value')
  return item
}

function read(bytes: Uint8Array, at: number): [item: RlpItem, end: number] {
  const tag = bytes[at]
  if (tag === undefined) throw new Error('rlp: value size exceeds available input length')
  if (tag < 0x80) return [bytes.subarray(at, at + 1), at + 1]
  const isList = tag >= 0xc0
  const short = tag - (isList ? 0xc0 : 0x80)
  const lengthBytes = Math.max(0, short - 55)
  const start = at + 1 + lengthBytes
  const length = lengthBytes === 0 ? short : Number(toBigInt(bytes.subarray(at + 1, start)))
  const end = start + length
  if (end > bytes.length) throw new Error('rlp: value size exceeds available input length')
  if (!isList) return [bytes.subarray(start, end), end]
  const items: RlpItem[] = []
  let next = start
  while (next < end) {
    const [item, after] = read(bytes, next)
    items.push(item)
    next = after
  }
  if (next !== end) throw new Error('rlp: element is larger than containing list')
  return [items, end]
}

export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    const [first] = item
    if (item.length === 1 && first !== undefined && first < 0x80) return item
    return Buffer.concat([prefix(item.length, 0x80), item])
  }
  const body = Buffer.concat(item.map(encodeRlp))
  return Buffer.concat([prefix(body.length, 0xc0), body])
}

function prefix(length: number, base: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length)
  const bytes = fromBigInt(BigInt(length))
  return Buffer.concat([Uint8Array.of(base + 55 + bytes.length), bytes])
}

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/** Shortest big-endian form; zero is no bytes at all. */
export function fromBigInt(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}
