import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordings } from '../../../../test/helpers/seid-captures.ts'
import {
  evmCall,
  eventually,
  getJson,
  reaches,
  startChain,
  type RunningNode,
  type TestChain,
} from '../../../../test/helpers/seid-chain.ts'
import { bech32Address } from '../encoding.ts'
import { decodeRawTransaction } from './raw-transaction.ts'
import { encodeRlp, fromBigInt } from './rlp.ts'

const key = Buffer.from('46'.repeat(32), 'hex')
const recipient = '35'.repeat(20)
const gwei = 1_000_000_000n

/** A signed type-2 transfer of the key above. */
function transfer(nonce: number, value: bigint, options: { chainId?: bigint; feeCap?: bigint } = {}): string {
  const fields = [
    fromBigInt(options.chainId ?? 713_714n),
    fromBigInt(BigInt(nonce)),
    fromBigInt(gwei),
    fromBigInt(options.feeCap ?? 2n * gwei),
    fromBigInt(21_000n),
    Buffer.from(recipient, 'hex'),
    fromBigInt(value),
    new Uint8Array(),
    [],
  ]
  const payload = Buffer.concat([Uint8Array.of(2), encodeRlp(fields)])
  const bytes = secp256k1.sign(keccak_256(payload), key, { prehash: false, format: 'recovered' })
  const signature = secp256k1.Signature.fromBytes(bytes, 'recovered')
  const signed = encodeRlp([
    ...fields,
    fromBigInt(BigInt(signature.recovery ?? 0)),
    fromBigInt(signature.r),
    fromBigInt(signature.s),
  ])
  return `0x02${Buffer.from(signed).toString('hex')}`
}

const sender = decodeRawTransaction(Buffer.from(transfer(0, 0n).slice(2), 'hex'))
const recorded = recordings('evm.txt')
let chain: TestChain
let node: RunningNode

beforeAll(async () => {
  chain = await startChain({
    powers: [10],
    accounts: [{ address: bech32Address('sei', sender.fromAccount), balance: '1000000usei,5uatom' }],
  })
  node = chain.nodes[0] as RunningNode
  await reaches(node, 3)
})
afterAll(async () => chain[Symbol.asyncDispose]())

async function result<T>(method: string, ...params: readonly unknown[]): Promise<T> {
  const answer = (await evmCall(node, method, ...params)) as { result: T; error?: unknown }
  if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error))
  return answer.result
}

describe('recorded answers', () => {
  test.each(['eth_chainId', 'net_version', 'web3_clientVersion', 'eth_syncing'])(
    'default: %s',
    async (method) => {
      const response = await fetch(node.evm, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] }),
      })
      const expected = recorded.get(method)
      expect(response.status).toBe(expected?.status)
      expect(response.headers.get('content-type')).toBe(expected?.headers['content-type'])
      expect(response.headers.get('vary')).toBe('Origin')
      expect((await response.text()).trim()).toBe(expected?.body.trim())
    },
  )

  test('default: eth_blockNumber is the height in hex', async () => {
    expect(await evmCall(node, 'eth_blockNumber')).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: expect.stringMatching(/^0x[1-9a-f][0-9a-f]*$/) as string,
    })
  })

  test('default: GET / is an empty 200, another path 404', async () => {
    const response = await fetch(node.evm)
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect((await fetch(`${node.evm}/other`)).status).toBe(404)
  })
})

describe('errors', () => {
  test('error: methods that exist only to be refused, and those that do not exist', async () => {
    expect(await evmCall(node, 'eth_getProof')).toMatchObject({
      error: { code: -32000, message: 'eth_getProof is not supported on Sei EVM RPC' },
    })
    for (const method of ['eth_mining', 'eth_hashrate', 'net_listening', 'net_peerCount'])
      expect(await evmCall(node, method)).toMatchObject({ error: { code: -32601 } })
  })

  test('error: a legacy method that the configuration does not list', async () => {
    expect(await evmCall(node, 'sei_getSeiAddress', `0x${sender.from}`)).toMatchObject({
      error: { code: -32601, data: 'legacy_sei_deprecated' },
    })
  })

  test('error: state above the tip is refused, blocks above it are null', async () => {
    expect(await evmCall(node, 'eth_getBalance', `0x${sender.from}`, '0xffffff')).toMatchObject({
      error: {
        code: -32000,
        message: expect.stringContaining('is not yet available; safe latest is') as string,
      },
    })
    expect(await result('eth_getBlockByNumber', '0xffffff', false)).toBeNull()
    expect(await result('eth_getTransactionReceipt', `0x${'ab'.repeat(32)}`)).toBeNull()
  })

  test('error: unparsable body and bad arguments', async () => {
    const response = await fetch(node.evm, { method: 'POST', body: '{' })
    expect(await response.json()).toMatchObject({ id: null, error: { code: -32700 } })
    expect(await evmCall(node, 'eth_getBalance', 'me')).toMatchObject({ error: { code: -32602 } })
  })
})

describe('blocks', () => {
  test('default: block hashes are those of CometBFT, block 0 is made up', async () => {
    const block = await result<{ hash: string; parentHash: string }>('eth_getBlockByNumber', '0x2', false)
    const cosmos = (await getJson(`${node.rpc}/block?height=2`)) as {
      block_id: { hash: string }
      block: { header: { last_block_id: { hash: string } } }
    }
    expect(block.hash).toBe(`0x${cosmos.block_id.hash.toLowerCase()}`)
    expect(block.parentHash).toBe(`0x${cosmos.block.header.last_block_id.hash.toLowerCase()}`)
    expect(await result('eth_getBlockByHash', block.hash, false)).toEqual(block)
    expect(await result('eth_getBlockByNumber', '0x0', false)).toMatchObject({
      number: '0x0',
      transactions: [],
    })
  })

  test('default: fees', async () => {
    expect(await result('eth_gasPrice')).toBe('0x4190ab00')
    expect(await result('eth_maxPriorityFeePerGas')).toBe('0x3b9aca00')
    const history = await result<{ baseFeePerGas: unknown[]; oldestBlock: string }>(
      'eth_feeHistory',
      '0x2',
      'latest',
      [50],
    )
    expect(history.baseFeePerGas).toEqual(['0x3b9aca00', '0x3b9aca00'])
  })

  test('default: filters: new blocks since the last look, no logs, gone once uninstalled', async () => {
    const id = await result<string>('eth_newBlockFilter')
    const hashes = await eventually(async () => {
      const seen = await result<string[]>('eth_getFilterChanges', id)
      return seen.length > 0 && seen
    })
    expect(hashes[0]).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await result('eth_uninstallFilter', id)).toBe(true)
    expect(await evmCall(node, 'eth_getFilterChanges', id)).toMatchObject({ error: { code: -32000 } })
    const logs = await result<string>('eth_newFilter', { fromBlock: '0x1' })
    expect(await result('eth_getFilterLogs', logs)).toEqual([])
    expect(await evmCall(node, 'eth_getLogs', { fromBlock: '0x0', toBlock: '0xfff' })).toMatchObject({
      error: { code: -32000, message: expect.stringContaining('maximum allowed is 2000') as string },
    })
  })

  test('default: newHeads over WebSocket, in order', async () => {
    const socket = new WebSocket(node.evmWs)
    const heads: { number: string; parentHash: string; hash: string }[] = []
    const enough = Promise.withResolvers<void>()
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })),
    )
    socket.addEventListener('error', () => enough.reject(new Error('websocket failed')))
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { method?: string; params?: { result: (typeof heads)[0] } }
      if (frame.params !== undefined) heads.push(frame.params.result)
      if (heads.length === 3) enough.resolve()
    })
    await enough.promise
    socket.close()
    expect(heads[1]?.parentHash).toBe(heads[0]?.hash)
    expect(heads[2]?.parentHash).toBe(heads[1]?.hash)
  })
})

describe('transfers', () => {
  test('behavior: a transfer moves value and fee, associates its sender and leaves a receipt', async () => {
    const me = `0x${sender.from}`
    // Until its key is seen, an EVM address has only what lies under its own 20 bytes.
    expect(await result('eth_getBalance', me, 'latest')).toBe('0x0')
    const value = 5n * 10n ** 15n
    const raw = transfer(0, value)
    const hash = await result<string>('eth_sendRawTransaction', raw)
    const receipt = await eventually(async () => {
      const seen = await result<Record<string, string> | null>('eth_getTransactionReceipt', hash)
      return seen ?? undefined
    })
    expect(receipt).toMatchObject({
      status: '0x1',
      from: me,
      to: `0x${recipient}`,
      gasUsed: '0x5208',
      effectiveGasPrice: `0x${(2n * gwei).toString(16)}`,
      transactionHash: hash,
      type: '0x2',
    })
    expect(BigInt(await result('eth_getBalance', `0x${recipient}`, 'latest'))).toBe(value)
    expect(BigInt(await result('eth_getBalance', me, 'latest'))).toBe(
      10n ** 18n - value - 21_000n * 2n * gwei,
    )
    expect(await result('eth_getTransactionCount', me, 'latest')).toBe('0x1')
    expect(await result('eth_getTransactionByHash', hash)).toMatchObject({
      blockNumber: receipt.blockNumber,
      nonce: '0x0',
    })
    expect(await result('eth_getBlockByNumber', receipt.blockNumber, true)).toMatchObject({
      transactions: [{ hash }],
      gasUsed: '0x5208',
    })
    expect(await getJson(`${node.rest}/sei-protocol/seichain/evm/sei_address?evm_address=${me}`)).toEqual({
      sei_address: bech32Address('sei', sender.fromAccount),
      associated: true,
    })
    expect(await evmCall(node, 'eth_sendRawTransaction', raw)).toMatchObject({
      error: { code: -32000, message: expect.stringContaining('nonce too low') as string },
    })
  })

  test('behavior: a nonce ahead waits for the gap to be filled', async () => {
    const me = `0x${sender.from}`
    const later = await result<string>('eth_sendRawTransaction', transfer(2, 1n))
    const height = Number(await result('eth_blockNumber'))
    await reaches(node, height + 3)
    expect(await result('eth_getTransactionReceipt', later)).toBeNull()
    expect(await result('eth_getTransactionByHash', later)).toMatchObject({ blockNumber: null })
    expect(await result('eth_getTransactionCount', me, 'pending')).toBe('0x1')
    await result('eth_sendRawTransaction', transfer(1, 1n))
    await eventually(async () => (await result('eth_getTransactionReceipt', later)) !== null)
    expect(await result('eth_getTransactionCount', me, 'latest')).toBe('0x3')
  })

  test('error: wrong chain, too little money, too low a fee', async () => {
    const refusal = async (raw: string): Promise<unknown> => {
      const { error } = (await evmCall(node, 'eth_sendRawTransaction', raw)) as {
        error?: { message: string }
      }
      return error?.message
    }
    expect(await refusal(transfer(3, 1n, { chainId: 1n }))).toContain('invalid chain-id')
    expect(await refusal(transfer(3, 10n ** 30n))).toContain('insufficient funds')
    expect(await refusal(transfer(3, 1n, { feeCap: gwei / 2n }))).toContain('max priority fee per gas higher')
  })

  test('default: gas of a plain transfer, no code anywhere', async () => {
    expect(await result('eth_estimateGas', { to: `0x${recipient}` })).toBe('0x5208')
    expect(await result('eth_getCode', `0x${recipient}`, 'latest')).toBe('0x')
    expect(await result('eth_call', { to: `0x${recipient}`, data: '0x1234' }, 'latest')).toBe('0x')
  })
})
