/** What a transaction is refused or fails with: a code of its codespace, and the log as the SDK words it. */
export class TxError extends Error {
  readonly code: number
  readonly codespace: string

  constructor(codespace: string, code: number, log: string) {
    super(log)
    this.code = code
    this.codespace = codespace
  }
}

/** The SDK's own errors, by the name that ends their log. */
const sdkCodes = {
  'tx parse error': 2,
  unauthorized: 4,
  'insufficient funds': 5,
  'invalid address': 7,
  'invalid pubkey': 8,
  'unknown address': 9,
  'invalid coins': 10,
  'out of gas': 11,
  'memo too large': 12,
  'insufficient fee': 13,
  'no signatures supplied': 15,
  'invalid request': 18,
  'tx already in mempool': 19,
  'mempool is full': 20,
  'tx timeout height': 30,
  'incorrect account sequence': 32,
} as const

/** `<what>: <name>` of the codespace `sdk`. */
export function sdkError(name: keyof typeof sdkCodes, what: string): TxError {
  return new TxError('sdk', sdkCodes[name], what === '' ? name : `${what}: ${name}`)
}

const govCodes = {
  'unknown proposal': 2,
  'inactive proposal': 3,
  'invalid proposal content': 5,
  'invalid vote option': 7,
  'no handler exists for proposal type': 9,
} as const

export function govError(name: keyof typeof govCodes, what: string): TxError {
  return new TxError('gov', govCodes[name], `${what}: ${name}`)
}
