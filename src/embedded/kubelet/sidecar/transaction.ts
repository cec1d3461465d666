import type { Messages, TxMessage } from '../../chain/tx/messages.ts'
import { accountOfKey, proposalIdOf, signTx, txHash } from '../../chain/tx/sign.ts'
import { decode, encode } from '../../chain/tx/wire.ts'
import { TaskFailure, type TaskContext } from './handler.ts'
import { callSeid, pollPause } from './local-seid.ts'
import { isObject, path } from './params.ts'

/** What became of a transaction; a task that failed has it too. */
export interface GovResult {
  readonly txHash: string
  readonly inclusionStatus: 'committed_ok' | 'committed_failed' | 'pending' | 'unverifiable'
  readonly height?: number
  readonly proposalId?: number
  readonly code?: number
  readonly codespace?: string
  readonly rawLog?: string
}

export interface Transaction {
  /** Of the task: one task signs once, however often it is executed. */
  readonly id: string
  readonly key: Uint8Array
  readonly memo: string
  readonly fee: { readonly amount: readonly Messages['Coin'][]; readonly gas: number }
  readonly compose: (signer: string) => TxMessage
}

/** How long inclusion is waited for, and between two looks; simulated ms. */
const inclusionMs = 60_000
const lookMs = 500

/**
 * Signs, broadcasts and waits for inclusion. The signed bytes are kept before they are sent: an execution that comes after
 * looks for them instead of signing anew. Throws TaskFailure with the result for anything but a transaction that succeeded.
 */
export async function transact(
  context: TaskContext,
  signal: AbortSignal,
  transaction: Transaction,
): Promise<GovResult> {
  const { signed } = context.files
  const earlier = signed.get(transaction.id)
  const bytes = earlier ?? (await sign(context, signal, transaction))
  signed.set(transaction.id, bytes)
  const hash = txHash(bytes)
  const known = earlier === undefined ? undefined : await look(context, signal, hash)
  if (known === undefined) await broadcast(context, signal, bytes)
  for (let waitedMs = 0; waitedMs < inclusionMs;) {
    const included = known ?? (await look(context, signal, hash))
    if (included !== undefined) return settled(hash, included)
    waitedMs += await pollPause(context.clock, lookMs, signal)
  }
  throw new TaskFailure(`tx ${hash} was not seen included within ${inclusionMs / 1_000}s`, {
    txHash: hash,
    inclusionStatus: 'pending',
  } satisfies GovResult)
}

async function sign(
  { seid, chainId }: TaskContext,
  signal: AbortSignal,
  { key, memo, fee, compose }: Transaction,
): Promise<Uint8Array> {
  const signer = accountOfKey(key)
  const request = Buffer.from(encode('QueryAccountRequest', { address: signer }))
  const answer = await callSeid(
    seid,
    'abci_query',
    { path: '/cosmos.auth.v1beta1.Query/Account', data: `0x${request.toString('hex')}` },
    signal,
  )
  const value = path(answer.result ?? {}, 'response', 'value')
  if (typeof value !== 'string')
    throw new Error(
      `account retrieve ${signer}: ${answer.error ?? String(path(answer.result ?? {}, 'response', 'log'))}`,
    )
  const { account } = decode('QueryAccountResponse', Buffer.from(value, 'base64'))
  const { accountNumber, sequence } = decode('BaseAccount', account?.value ?? new Uint8Array())
  return signTx({ key, chainId, accountNumber, sequence, messages: [compose(signer)], fee, memo })
}

async function broadcast(
  { seid, files }: TaskContext,
  signal: AbortSignal,
  bytes: Uint8Array,
): Promise<void> {
  const tx = Buffer.from(bytes).toString('base64')
  const { result, error } = await callSeid(seid, 'broadcast_tx_sync', { tx }, signal)
  const code = Number(path(result ?? {}, 'code') ?? 0)
  if (error === undefined && code === 0) return
  // What was refused is nowhere: the next execution may sign anew.
  for (const [id, kept] of files.signed) if (kept === bytes) files.signed.delete(id)
  const log = error ?? String(path(result ?? {}, 'log'))
  const codespace = String(path(result ?? {}, 'codespace') ?? '')
  throw new Error(`broadcast rejected: code=${code} codespace=${JSON.stringify(codespace)} log=${log}`)
}

interface Included {
  readonly height: number
  readonly code: number
  readonly codespace: string
  readonly log: string
  readonly data: string | undefined
}

/** `undefined` while the node knows of no such transaction. */
async function look({ seid }: TaskContext, signal: AbortSignal, hash: string): Promise<Included | undefined> {
  const { result, error } = await callSeid(
    seid,
    'tx',
    { hash: Buffer.from(hash, 'hex').toString('base64') },
    signal,
  )
  if (error?.includes('kvEventSink') === true)
    throw new TaskFailure(`tx ${hash} cannot be verified: ${error}`, {
      txHash: hash,
      inclusionStatus: 'unverifiable',
    } satisfies GovResult)
  const outcome = result?.['tx_result']
  if (result === undefined || !isObject(outcome)) return undefined
  const { data } = outcome
  return {
    height: Number(result['height']),
    code: Number(outcome['code']),
    codespace: String(outcome['codespace'] ?? ''),
    log: String(outcome['log'] ?? ''),
    data: typeof data === 'string' ? data : undefined,
  }
}

function settled(hash: string, { height, code, codespace, log, data }: Included): GovResult {
  if (code !== 0)
    throw new TaskFailure(
      `tx ${hash} committed but failed: code=${code} codespace=${JSON.stringify(codespace)} log=${log}`,
      {
        txHash: hash,
        inclusionStatus: 'committed_failed',
        height,
        code,
        codespace,
        rawLog: log,
      } satisfies GovResult,
    )
  const proposalId = data === undefined ? undefined : proposalIdOf(data)
  return {
    txHash: hash,
    inclusionStatus: 'committed_ok',
    height,
    ...(proposalId === undefined ? {} : { proposalId }),
  }
}
