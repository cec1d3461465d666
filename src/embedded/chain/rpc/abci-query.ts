import { accountHex } from '../encoding.ts'
import type { SeidNode } from '../seid-node.ts'
import { decode, encode } from '../tx/wire.ts'

interface Answer {
  readonly code: number
  readonly log: string
  readonly codespace: string
  /** Base64. */
  readonly value: string | null
}

const accountPath = '/cosmos.auth.v1beta1.Query/Account'

/** What the application itself answers: its version, and an account for those who sign by it. Any other path is unknown. */
export async function abciQuery(node: SeidNode, path: string, data: Buffer): Promise<unknown> {
  const { code, log, codespace, value } = await answer(node, path, data)
  const height = String(node.view.appHeight)
  return { code, log, info: '', index: '0', key: null, value, proof_ops: null, height, codespace }
}

async function answer(node: SeidNode, path: string, data: Buffer): Promise<Answer> {
  if (path === '/app/version' || path === 'app/version') return found(Buffer.from(node.version))
  if (path === accountPath) return account(node, data)
  return refused(6, 'unknown query path: unknown request')
}

async function account(node: SeidNode, data: Buffer): Promise<Answer> {
  const { address } = decode('QueryAccountRequest', data)
  const hex = accountHex(address)
  if (hex === undefined)
    return refused(18, `decoding bech32 failed: ${JSON.stringify(address)}: invalid request`)
  const { number, pubKey, sequence } = await node.session.query('account', hex)
  if (number === undefined) return refused(22, `account ${address} not found: key not found`)
  const key = pubKey === undefined ? undefined : encode('PubKey', { key: Buffer.from(pubKey, 'base64') })
  const value = encode('BaseAccount', {
    address,
    pubKey: key === undefined ? undefined : { typeUrl: '/cosmos.crypto.secp256k1.PubKey', value: key },
    accountNumber: number,
    sequence,
  })
  return found(
    encode('QueryAccountResponse', {
      account: { typeUrl: '/cosmos.auth.v1beta1.BaseAccount', value },
    }),
  )
}

function found(value: Uint8Array): Answer {
  return { code: 0, log: '', codespace: '', value: Buffer.from(value).toString('base64') }
}

function refused(code: number, log: string): Answer {
  return { code, log, codespace: 'sdk', value: null }
}
