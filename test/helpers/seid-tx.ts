import { accountOfKey, proposalIdOf, signTx, type TxToSign } from '../../src/embedded/chain/tx/sign.ts'
import { operatorKey, type RunningNode } from './seid-chain.ts'

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

/** Genesis overrides under which a vote is over within a second, at the rate of these tests. */
export const quickVotes = { 'gov.voting_params.expedited_voting_period': '400s' }

/** Proposes an upgrade `inBlocks` ahead, votes for it with every validator, and waits for the plan; resolves to its height. */
export async function scheduleUpgrade(
  node: RunningNode,
  plan: { readonly name: string; readonly inBlocks: number; readonly info?: string },
  validators = 4,
): Promise<number> {
  const { sync_info } = (await (await fetch(`${node.rpc}/status`)).json()) as {
    sync_info: { latest_block_height: string }
  }
  const height = Number(sync_info.latest_block_height) + plan.inBlocks
  const proposer = operatorKey(0)
  const sent = await sendTx(
    node,
    await signedTx(node, proposer, [
      {
        '@type': '/cosmos.gov.v1beta1.MsgSubmitProposal',
        content: {
          '@type': '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal',
          title: plan.name,
          description: 'd',
          plan: { name: plan.name, height, info: plan.info ?? '' },
        },
        initialDeposit: [{ denom: 'usei', amount: '20000000' }],
        proposer: accountOfKey(proposer),
        isExpedited: true,
      },
    ]),
  )
  const proposalId = proposalIdOf(sent.data) ?? 0
  await Promise.all(
    Array.from({ length: validators }, async (_, index) => {
      const key = operatorKey(index)
      const voter = accountOfKey(key)
      const vote = { '@type': '/cosmos.gov.v1beta1.MsgVote', proposalId, voter, option: 1 } as const
      await sendTx(node, await signedTx(node, key, [vote]))
    }),
  )
  const deadline = performance.now() + 10_000
  for (;;) {
    const { plan: pending } = (await (
      await fetch(`${node.rest}/cosmos/upgrade/v1beta1/current_plan`)
    ).json()) as { plan: { name: string } | null }
    if (pending?.name === plan.name) return height
    if (performance.now() > deadline) throw new Error(`no plan ${plan.name} after 10 s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
