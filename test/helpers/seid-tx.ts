import { accountOfKey, signTx, type TxToSign } from '../../src/embedded/chain/tx/sign.ts'
import type { RunningNode } from './seid-chain.ts'

export interface SentTx {
  readonly hash: string
  readonly height: number
  readonly code: number
  readonly codespace: string
  readonly log: string
  /** Base64. */
  readonly data: string
}

const fee = { amount: [{ denom: 'usei', amount: '10000' }], gas: 500_000 }

/** Signs with the account's number and sequence as REST tells them; `change` puts something wrong in. */
export async function signedTx(
  node: RunningNode,
  key: Uint8Array,
  messages: TxToSign['messages'],
  change: Partial<TxToSign> = {},
): Promise<Uint8Array> {
  const response = await fetch(`${node.rest}/cosmos/auth/v1beta1/accounts/${accountOfKey(key)}`)
  const { account } = (await response.json()) as { account?: { account_number: string; sequence: string } }
  return signTx({
    key,
    chainId: 'sei-test-1',
    accountNumber: Number(account?.account_number ?? 0),
    sequence: Number(account?.sequence ?? 0),
    messages,
    fee,
    ...change,
  })
}

/** Sends a transaction through the node's RPC and waits for its block, or for CheckTx's refusal. */
export async function sendTx(node: RunningNode, bytes: Uint8Array): Promise<SentTx> {
  const answer = (await (
    await fetch(node.rpc, {
      method: 'POST',
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'broadcast_tx_commit',
        params: { tx: Buffer.from(bytes).toString('base64') },
      }),
    })
  ).json()) as {
    result?: { check_tx: SentTx; tx_result: SentTx; hash: string; height: string }
    error?: { data: string }
  }
  if (answer.result === undefined) throw new Error(answer.error?.data)
  const { check_tx, tx_result, hash, height } = answer.result
  const told = check_tx.code === 0 ? tx_result : check_tx
  return { ...told, hash, height: Number(height) }
}
