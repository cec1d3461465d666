import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordings, shapeOf } from '../../../../test/helpers/seid-captures.ts'
import {
  getJson,
  operatorKey,
  reaches,
  startChain,
  type RunningNode,
  type TestChain,
} from '../../../../test/helpers/seid-chain.ts'
import { signedTx } from '../../../../test/helpers/seid-tx.ts'
import { accountOfKey } from '../tx/sign.ts'
import { bech32Address } from '../encoding.ts'
import { jsonpb } from './jsonpb.ts'

const base = '/cosmos/base/tendermint/v1beta1'
const account = bech32Address('sei', '11'.repeat(20))
const misc = recordings('rest-misc.txt')
let chain: TestChain
let node: RunningNode

beforeAll(async () => {
  chain = await startChain({
    powers: [10, 20, 10],
    accounts: [{ address: account, balance: '1000usei,5uatom' }],
  })
  node = chain.nodes[0] as RunningNode
  await reaches(node, 3)
})
afterAll(async () => chain[Symbol.asyncDispose]())

test('default: syncing is printed byte for byte', async () => {
  const response = await fetch(`${node.rest}${base}/syncing`)
  expect(await response.text()).toBe(misc.get('syncing')?.body.trimEnd())
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('grpc-metadata-x-cosmos-block-height')).toMatch(/^\d+$/)
  expect(response.headers.get('x-server-time')).toMatch(/^\d{10}$/)
})

test('default: node_info in the recorded shape', async () => {
  const recorded = recordings('rest-node_info.txt').get('node_info')
  const text = JSON.stringify(await getJson(`${node.rest}${base}/node_info`))
  const actual: unknown = JSON.parse(text.replace('tcp://0.0.0.0:26656', '127.0.0.1:26656'))
  expect(JSON.stringify(shapeOf(actual))).toBe(JSON.stringify(shapeOf(JSON.parse(recorded?.body ?? ''))))
})

test('default: the latest block in the recorded shape', async () => {
  const recorded = misc.get('blocks/latest')?.body ?? ''
  const cut = recorded.indexOf('    "data": {')
  const expected: unknown = JSON.parse(`${recorded.slice(0, cut).trimEnd().replace(/,$/, '')}}}`)
  const { block_id, block } = (await getJson(`${node.rest}${base}/blocks/latest`)) as {
    block_id: unknown
    block: { header: unknown; data: unknown; last_commit: { signatures: unknown[] } }
  }
  expect(JSON.stringify(shapeOf({ block_id, block: { header: block.header } }))).toBe(
    JSON.stringify(shapeOf(expected)),
  )
  expect(block.data).toEqual({ txs: [] })
  expect(block.last_commit.signatures).toHaveLength(3)
})

test('behavior: REST and RPC tell of the same block', async () => {
  const rest = (await getJson(`${node.rest}${base}/blocks/2`)) as { block_id: { hash: string } }
  const rpc = (await getJson(`${node.rpc}/block?height=2`)) as { block_id: { hash: string } }
  expect(Buffer.from(rest.block_id.hash, 'base64').toString('hex').toUpperCase()).toBe(rpc.block_id.hash)
})

test('error: an unknown path is 501, byte for byte', async () => {
  const response = await fetch(`${node.rest}/nope`)
  expect(response.status).toBe(501)
  expect(await response.text()).toBe(misc.get('unknown')?.body.trimEnd())
})

describe('accounts', () => {
  test('default: balances of the genesis, and of one denom', async () => {
    expect(await getJson(`${node.rest}/cosmos/bank/v1beta1/balances/${account}`)).toEqual({
      balances: [
        { denom: 'uatom', amount: '5' },
        { denom: 'usei', amount: '1000' },
      ],
      pagination: { next_key: null, total: '2' },
    })
    expect(await getJson(`${node.rest}/cosmos/bank/v1beta1/balances/${account}/by_denom?denom=usei`)).toEqual(
      { balance: { denom: 'usei', amount: '1000' } },
    )
  })

  test('default: no upgrade plan, no proposals, governance parameters of the genesis', async () => {
    expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/current_plan`)).toEqual({ plan: null })
    expect((await fetch(`${node.rest}/cosmos/gov/v1beta1/proposals/7`)).status).toBe(404)
    expect(await getJson(`${node.rest}/cosmos/gov/v1beta1/params/voting`)).toMatchObject({
      voting_params: { voting_period: '60s' },
    })
  })

  test('error: what is no address is 400, an account that does not exist 404', async () => {
    const bad = await fetch(`${node.rest}/cosmos/bank/v1beta1/balances/me`)
    expect([bad.status, await bad.json()]).toEqual([400, expect.objectContaining({ code: 3, details: [] })])
    const stranger = await fetch(
      `${node.rest}/cosmos/auth/v1beta1/accounts/${bech32Address('sei', '22'.repeat(20))}`,
    )
    expect([stranger.status, await stranger.json()]).toEqual([404, expect.objectContaining({ code: 5 })])
  })

  test('default: bonded validators with their tokens', async () => {
    const { validators } = (await getJson(`${node.rest}/cosmos/staking/v1beta1/validators`)) as {
      validators: { tokens: string; status: string; operator_address: string }[]
    }
    expect(validators.map(({ tokens }) => tokens)).toEqual(['20000000', '10000000', '10000000'])
    expect(validators[0]).toMatchObject({ status: 'BOND_STATUS_BONDED' })
    const [first] = validators
    expect(
      await getJson(`${node.rest}/cosmos/staking/v1beta1/validators/${first?.operator_address}`),
    ).toEqual({
      validator: first,
    })
  })
})

describe('transactions', () => {
  test('default: broadcast, then read by hash', async () => {
    const key = operatorKey(0)
    const tx = await signedTx(node, key, [
      {
        '@type': '/cosmos.bank.v1beta1.MsgSend',
        fromAddress: accountOfKey(key),
        toAddress: accountOfKey(key),
        amount: [{ denom: 'usei', amount: '1' }],
      },
    ])
    const response = await fetch(`${node.rest}/cosmos/tx/v1beta1/txs`, {
      method: 'POST',
      body: JSON.stringify({
        tx_bytes: Buffer.from(tx).toString('base64'),
        mode: 'BROADCAST_MODE_BLOCK',
      }),
    })
    const { tx_response } = (await response.json()) as { tx_response: { txhash: string; height: string } }
    expect(Number(tx_response.height)).toBeGreaterThan(0)
    expect(await getJson(`${node.rest}/cosmos/tx/v1beta1/txs/${tx_response.txhash}`)).toMatchObject({
      tx: {
        body: { messages: [{ '@type': '/cosmos.bank.v1beta1.MsgSend', from_address: accountOfKey(key) }] },
      },
      tx_response: { txhash: tx_response.txhash, code: 0 },
    })
    expect((await fetch(`${node.rest}/cosmos/tx/v1beta1/txs/${'AB'.repeat(32)}`)).status).toBe(404)
  })
})

test('default: empty lists are printed over two lines, missing values not at all', () => {
  expect(jsonpb({ a: [], b: { c: ['x', 1] }, d: undefined, e: null })).toBe(
    '{\n  "a": [\n  ],\n  "b": {\n    "c": [\n      "x",\n      1\n    ]\n  },\n  "e": null\n}',
  )
})
