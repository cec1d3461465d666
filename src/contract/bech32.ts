const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/**
 * Whether `text` is bech32 with this prefix and a right checksum (BIP 173). The controller decodes genesis addresses only
 * while it builds the ceremony plan, where a typing error makes the network wait for ever without a status.
 */
export function isBech32(text: string, prefix: string): boolean {
  if (!text.startsWith(`${prefix}1`)) return false
  const data = Array.from(text.slice(prefix.length + 1), (letter) => alphabet.indexOf(letter))
  if (data.length < 7 || data.includes(-1)) return false
  const high = [...prefix].map((letter) => letter.charCodeAt(0) >> 5)
  const low = [...prefix].map((letter) => letter.charCodeAt(0) & 31)
  return checksum([...high, 0, ...low, ...data]) === 1
}

function checksum(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of generators.entries()) if (((top >>> bit) & 1) === 1) sum ^= generator
  }
  return sum
}
