import { secp256k1 } from '@noble/curves/secp256k1.js'
import { accountHex, bech32Address } from '../encoding.ts'
import { parseGasPrices } from '../coins.ts'
import type { CosmosTx } from '../messages.ts'
import { addressesOf } from './addresses.ts'
import { sdkError } from './errors.ts'
import { typeUrls, type Messages, type ProposalContent, type TxMessage, type TypeUrl } from './messages.ts'
import { signDigest } from './sign.ts'
import { validateMessage } from './validate.ts'
import { decode } from './wire.ts'
import { errorText } from '../../../errors/error-text.ts'

/** What the chain knows of the account that signs. */
export interface SignerAccount {
  /** Absent: the account does not exist. */
  readonly number: number | undefined
  /** Compressed, base64; absent before its first transaction. */
  readonly pubKey: string | undefined
}

export interface ReadOptions {
  readonly chainId: string
  /** The node's own floor, e.g. `0.01usei`. */
  readonly minGasPrices: string
  /** Looks an account up by its 40 hex digits. */
  signer(account: string): Promise<SignerAccount>
}

/** The SDK's default limits. */
const maxMemo = 256
const gasPerByte = 10

/**
 * Reads the bytes of a signed transaction and does what CheckTx does without the chain's state; the signature is verified, and
 * its verdict handed on, as a wrong sequence is told first.
 * @throws TxError with the code and log that CheckTx answers with
 */
export async function readTx(bytes: Uint8Array, options: ReadOptions): Promise<CosmosTx> {
  const { raw, body, auth } = parse(bytes)
  const messages = body.messages.map(unpackMessage)
  if (messages.length === 0) throw sdkError('invalid request', 'must contain at least one message')
  for (const message of messages) validateMessage(message)
  const [signer = '', ...others] = new Set(messages.map(signerOf))
  if (raw.signatures.length === 0) throw sdkError('no signatures supplied', '')
  if (raw.signatures.length !== others.length + 1)
    throw sdkError(
      'unauthorized',
      `wrong number of signers; expected ${others.length + 1}, got ${raw.signatures.length}`,
    )
  if (others.length > 0)
    throw sdkError('invalid request', 'a simulated chain takes one signer for a transaction')
  if (body.extensionOptions.length > 0) throw sdkError('invalid request', 'unknown extension options')
  if (body.memo.length > maxMemo)
    throw sdkError(
      'memo too large',
      `maximum number of characters is ${maxMemo} but received ${body.memo.length} characters`,
    )
  const fee = auth.fee ?? { amount: [], gasLimit: 0, payer: '', granter: '' }
  checkFee(fee, options.minGasPrices, bytes.length)
  const account = accountHex(signer) ?? ''
  const known = await options.signer(account)
  const info = auth.signerInfos[0]
  const publicKey = publicKeyOf(info, known, signer)
  return {
    account,
    from: addressesOf(publicKey).evm,
    publicKey: Buffer.from(publicKey).toString('base64'),
    sequence: info?.sequence ?? 0,
    isSigned: isSigned(raw, publicKey, options.chainId, known.number ?? 0),
    messages,
    fee: fee.amount,
    gas: fee.gasLimit,
    size: bytes.length,
    memo: body.memo,
    timeoutHeight: body.timeoutHeight,
  }
}

interface Parts {
  readonly raw: Messages['TxRaw']
  readonly body: Messages['TxBody']
  readonly auth: Messages['AuthInfo']
}

function parse(bytes: Uint8Array): Parts {
  try {
    const raw = decode('TxRaw', bytes)
    return { raw, body: decode('TxBody', raw.bodyBytes), auth: decode('AuthInfo', raw.authInfoBytes) }
  } catch (error) {
    throw sdkError('tx parse error', errorText(error))
  }
}

function unpack(any: Messages['Any'] | undefined): Record<string, unknown> {
  const typeUrl = any?.typeUrl ?? ''
  if (any === undefined || !Object.hasOwn(typeUrls, typeUrl))
    throw sdkError('tx parse error', `unable to resolve type URL ${typeUrl}`)
  try {
    return { '@type': typeUrl, ...decode(typeUrls[typeUrl as TypeUrl], any.value) }
  } catch (error) {
    throw sdkError('tx parse error', errorText(error))
  }
}

function unpackMessage(any: Messages['Any']): TxMessage {
  const message = unpack(any)
  if (!any.typeUrl.includes('.Msg'))
    throw sdkError(
      'tx parse error',
      `no concrete type registered for type URL ${any.typeUrl} against interface *types.Msg`,
    )
  if (any.typeUrl !== '/cosmos.gov.v1beta1.MsgSubmitProposal') return message as unknown as TxMessage
  const content = unpack(message['content'] as Messages['Any'] | undefined)
  return { ...message, content: withPlan(content) } as unknown as TxMessage
}

function withPlan(content: Record<string, unknown>): ProposalContent {
  const isUpgrade = content['@type'] === '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal'
  const plan = content['plan'] ?? { name: '', height: 0, info: '' }
  return (isUpgrade ? { ...content, plan } : content) as unknown as ProposalContent
}

/** The account that must sign a message. */
function signerOf(message: TxMessage): string {
  if (message['@type'] === '/cosmos.bank.v1beta1.MsgSend') return message.fromAddress
  if (message['@type'] === '/cosmos.gov.v1beta1.MsgVote') return message.voter
  return message['@type'] === '/cosmos.gov.v1beta1.MsgDeposit' ? message.depositor : message.proposer
}

function checkFee(fee: Messages['Fee'], minGasPrices: string, size: number): void {
  if (fee.gasLimit < size * gasPerByte)
    throw sdkError(
      'out of gas',
      `out of gas in location: txSize; gasWanted: ${fee.gasLimit}, gasUsed: ${size * gasPerByte}`,
    )
  const required = parseGasPrices(minGasPrices).map(({ denom, cost }) => ({
    denom,
    amount: cost(fee.gasLimit),
  }))
  const enough = required.some(({ denom, amount }) =>
    fee.amount.some((coin) => coin.denom === denom && BigInt(coin.amount) >= amount),
  )
  if (required.length === 0 || enough) return
  const print = (coins: readonly { denom: string; amount: string | bigint }[]): string =>
    coins.map(({ denom, amount }) => `${amount}${denom}`).join()
  throw sdkError(
    'insufficient fee',
    `insufficient fees; got: ${print(fee.amount)} required: ${print(required)}`,
  )
}

function publicKeyOf(
  info: Messages['SignerInfo'] | undefined,
  known: SignerAccount,
  signer: string,
): Uint8Array {
  const carried =
    info?.publicKey === undefined ? undefined : (unpack(info.publicKey)['key'] as Uint8Array | undefined)
  const key = carried ?? (known.pubKey === undefined ? undefined : Buffer.from(known.pubKey, 'base64'))
  if (key === undefined) throw sdkError('invalid pubkey', 'pubkey on account is not set')
  let account: string
  try {
    account = bech32Address('sei', addressesOf(key).account)
  } catch (error) {
    throw sdkError('invalid pubkey', errorText(error))
  }
  if (account !== signer)
    throw sdkError('invalid pubkey', `pubKey does not match signer address ${signer} with signer index: 0`)
  return key
}

function isSigned(
  raw: Messages['TxRaw'],
  publicKey: Uint8Array,
  chainId: string,
  accountNumber: number,
): boolean {
  const { bodyBytes, authInfoBytes } = raw
  const digest = signDigest({ bodyBytes, authInfoBytes, chainId, accountNumber })
  try {
    return secp256k1.verify(raw.signatures[0] ?? new Uint8Array(), digest, publicKey, { prehash: false })
  } catch {
    return false
  }
}
