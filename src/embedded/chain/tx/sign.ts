/**
 * Builds signed Cosmos transactions, as a keyring does for `seid tx … --sign-mode direct`:
 *
 *   const bytes = signTx({
 *     key,                                    // 32 bytes, secp256k1
 *     chainId: 'net-1',                       // `/status` node_info.network
 *     accountNumber: 3, sequence: 0,          // GET /cosmos/auth/v1beta1/accounts/{accountOfKey(key)}
 *     messages: [{ '@type': '/cosmos.gov.v1beta1.MsgVote', proposalId: 1, voter: accountOfKey(key), option: 1 }],
 *     fee: { amount: [{ denom: 'usei', amount: '10000' }], gas: 200_000 },
 *     memo: '',
 *   })
 *   await fetch(`${rpc}/broadcast_tx_sync?tx=0x${Buffer.from(bytes).toString('hex')}`)   // or base64 in a POST
 *
 * `txHash(bytes)` is what `/tx?hash=0x…` finds it by. An operator's key is `NodeHome.operatorKey`. The id of a new proposal is in
 * the `proposal_deposit` event and in the data of the result: `proposalIdOf(data)`.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bech32Address, sha256Hex } from '../encoding.ts'
import { addressesOf } from './addresses.ts'
import { typeUrls, type Messages, type TxMessage } from './messages.ts'
import { decode, encode } from './wire.ts'

/** `SIGN_MODE_DIRECT` */
const signModeDirect = 1

export interface TxToSign {
  /** Private key, 32 bytes. */
  readonly key: Uint8Array
  readonly chainId: string
  readonly accountNumber: number
  readonly sequence: number
  readonly messages: readonly TxMessage[]
  readonly fee: { readonly amount: readonly Messages['Coin'][]; readonly gas: number }
  /** @default '' */
  readonly memo?: string | undefined
}

/** The bytes of a `TxRaw`, signed over `SIGN_MODE_DIRECT`: what `broadcast_tx_*` takes. */
export function signTx(tx: TxToSign): Uint8Array {
  const bodyBytes = encode('TxBody', {
    messages: tx.messages.map(packMessage),
    memo: tx.memo ?? '',
    timeoutHeight: 0,
    extensionOptions: [],
  })
  const publicKey = pack('/cosmos.crypto.secp256k1.PubKey', { key: secp256k1.getPublicKey(tx.key, true) })
  const { sequence } = tx
  const authInfoBytes = encode('AuthInfo', {
    signerInfos: [{ publicKey, modeInfo: { single: { mode: signModeDirect } }, sequence }],
    fee: { amount: tx.fee.amount, gasLimit: tx.fee.gas, payer: '', granter: '' },
  })
  const digest = signDigest({
    bodyBytes,
    authInfoBytes,
    chainId: tx.chainId,
    accountNumber: tx.accountNumber,
  })
  const signature = secp256k1.sign(digest, tx.key, { prehash: false })
  return encode('TxRaw', { bodyBytes, authInfoBytes, signatures: [signature] })
}

/** What is signed: SHA-256 of the sign document. */
export function signDigest(document: Messages['SignDoc']): Uint8Array {
  return sha256(encode('SignDoc', document))
}

/** Upper-case hex, the key of `/tx`. */
export function txHash(tx: Uint8Array): string {
  return sha256Hex(tx)
}

/** `sei1…` of a private key. */
export function accountOfKey(key: Uint8Array): string {
  return bech32Address('sei', addressesOf(secp256k1.getPublicKey(key, true)).account)
}

/**
 * Id of the proposal that a transaction submitted, from its result's data (base64, as `/tx` prints it in `tx_result.data`);
 * `undefined` when the transaction submitted none.
 */
export function proposalIdOf(data: string): number | undefined {
  const { data: answers } = decode('TxMsgData', Buffer.from(data, 'base64'))
  const answer = answers.find(({ msgType }) => msgType === '/cosmos.gov.v1beta1.MsgSubmitProposal')
  return answer === undefined ? undefined : decode('MsgSubmitProposalResponse', answer.data).proposalId
}

function packMessage(message: TxMessage): Messages['Any'] {
  if (message['@type'] !== '/cosmos.gov.v1beta1.MsgSubmitProposal') return pack(message['@type'], message)
  const { content } = message
  return pack(message['@type'], { ...message, content: pack(content['@type'], content) })
}

function pack(typeUrl: keyof typeof typeUrls, value: object): Messages['Any'] {
  const name = typeUrls[typeUrl]
  return { typeUrl, value: encode(name, value as Messages[typeof name]) }
}
