const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** Whether `text` is bech32 (BIP 173) with the prefix of Sei accounts. */
export function isSeiAddress(text: string): boolean {
  if (text !== text.toLowerCase() || !text.startsWith('sei1')) return false
  const data = Array.from(text.slice('sei1'.length), (character) => alphabet.indexOf(character))
  if (data.length <= 6 || data.includes(-1)) return false
  return checksum([...expand('sei'), ...data]) === 1
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function checksum(values: readonly number[]): number {
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [index, generator] of generators.entries()) if ((top >>> index) & 1) sum ^= generator
  }
  return sum
}
