import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedJson, recordings, shapeOf, type Recorded } from '../../../../test/helpers/seid-captures.ts'
import {
  getJson,
  operatorKey,
  peerOf,
  reaches,
  startChain,
  statusOf,
  type RunningNode,
  type TestChain,
} from '../../../../test/helpers/seid-chain.ts'
import { signedTx } from '../../../../test/helpers/seid-tx.ts'
import { accountOfKey } from '../tx/sign.ts'

const misc = recordings('rpc-misc.txt')
let chain: TestChain
let validator: RunningNode

beforeAll(async () => {
  chain = await startChain({ powers: [10, 10, 10, 10] })
  validator = chain.nodes[0] as RunningNode
  await reaches(validator, 4)
})
afterAll(async () => chain[Symbol.asyncDispose]())

async function answer(path: string, init?: RequestInit): Promise<Recorded> {
  const response = await fetch(`${validator.rpc}${path}`, init)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  }
}

function post(body: unknown): Promise<Recorded> {
  return answer('/', { method: 'POST', body: JSON.stringify(body) })
}

/** Key order counts too: readers of logs and recordings compare them. */
function expectSame(actual: Recorded, recorded: Recorded | undefined): void {
  expect(actual.status).toBe(recorded?.status)
  expect(actual.headers['content-type']).toBe(recorded?.headers['content-type'])
  expect(actual.headers['x-server-time']).toMatch(/^\d{10}$/)
  expect(JSON.stringify(shapeOf(JSON.parse(actual.body)))).toBe(
    JSON.stringify(shapeOf(JSON.parse(recorded?.body ?? ''))),
  )
}

/** Inside a pod a node listens on every interface, while the recorded ones listened on loopback. */
function asRecorded(actual: Recorded): Recorded {
  return { ...actual, body: actual.body.replaceAll('tcp://0.0.0.0:26656', '127.0.0.1:26656') }
}

describe('recorded answers', () => {
  test('default: GET /status is the bare result', async () => {
    const recorded = recordings('status-get.txt').get('GET /status node0')
    expectSame(asRecorded(await answer('/status')), recorded)
  })

  test('default: POST to / is enveloped and repeats the id', async () => {
    const recorded = recordings('status-post.txt').get('POST / {method:status}')
    const actual = await post({ jsonrpc: '2.0', id: 7, method: 'status' })
    expectSame(asRecorded(actual), recorded)
    expect(JSON.parse(actual.body)).toMatchObject({ jsonrpc: '2.0', id: 7 })
  })

  test('default: POST to a path is read as its URL', async () => {
    const { body } = await answer('/status', { method: 'POST', body: '{"ignored":true}' })
    expect(JSON.parse(body)).toHaveProperty('sync_info')
  })

  test.each([
    '/health',
    '/lag_status',
    '/abci_info',
    '/num_unconfirmed_txs',
    '/consensus_params',
    '/validators',
  ])('default: GET %s', async (path) => {
    expectSame(await answer(path), misc.get(`GET ${path}`))
  })

  test('default: GET /net_info', async () => {
    const { body, ...rest } = await answer('/net_info')
    const recorded = misc.get('GET /net_info')
    const listeners = recorded?.body.replace('Listener(@127.0.0.1:26656)', 'Listener(@)')
    expectSame({ ...rest, body }, recorded === undefined ? undefined : { ...recorded, body: listeners ?? '' })
  })

  test('default: GET /consensus_state', async () => {
    expectSame(await answer('/consensus_state'), misc.get('GET /consensus_state'))
  })

  test('error: a height above the tip is HTTP 200 with the error as the body', async () => {
    const recorded = misc.get('GET /block?height=99999999')
    const actual = await answer('/block?height=99999999')
    expectSame(actual, recorded)
    expect(actual.body.replace(/blockchain height: \d+/, 'blockchain height: 67')).toBe(recorded?.body.trim())
  })

  test('error: an unknown path is HTTP 404 in plain text', async () => {
    const recorded = misc.get('GET /nonexistent')
    const actual = await answer('/nonexistent')
    expect(actual.status).toBe(404)
    expect(actual.body.trim()).toBe(recorded?.body.trim())
    expect(actual.headers).toMatchObject({
      'content-type': recorded?.headers['content-type'],
      'x-content-type-options': 'nosniff',
    })
  })

  test('default: a follower shows the zero key and what it knows of its peers', async () => {
    const follower = await chain.start(4)
    await reaches(follower, 4)
    const status = await getJson(`${follower.rpc}/status`)
    const body = JSON.stringify(status).replaceAll('tcp://0.0.0.0:26656', '127.0.0.1:26656')
    expect(shapeOf(JSON.parse(body))).toEqual(shapeOf(recordedJson('follower-status.json')))
    expect(status).toMatchObject({
      validator_info: { address: '66687AADF862BD776C8FC18B8E9F8E2008971485', voting_power: '0' },
    })
    const info = await getJson(`${follower.rpc}/net_info`)
    expect(JSON.parse(JSON.stringify(info).replace('@)', '@127.0.0.1:27056)'))).toMatchObject({
      n_peers: '4',
      listeners: ['Listener(@127.0.0.1:27056)'],
    })
    expect(shapeOf((info as { peers: unknown }).peers)).toEqual(
      shapeOf((recordedJson('follower-net_info.json') as { peers: unknown }).peers),
    )
  })
})

describe('framing', () => {
  test('default: a batch is answered with a batch, a batch of one with one object', async () => {
    const call = (id: number): unknown => ({ jsonrpc: '2.0', id, method: 'health', params: {} })
    expect(JSON.parse((await post([call(1), call(2)])).body)).toEqual([
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 2, result: {} },
    ])
    expect(JSON.parse((await post([call(3)])).body)).toEqual({ jsonrpc: '2.0', id: 3, result: {} })
  })

  test('error: more than ten in a batch', async () => {
    const calls = Array.from({ length: 11 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'health' }))
    expect(JSON.parse((await post(calls)).body)).toMatchObject({
      error: { code: -32700, data: 'Batch size limit exceeded.' },
    })
  })

  test('default: a notification has no answer', async () => {
    expect(await post({ jsonrpc: '2.0', method: 'health' })).toMatchObject({ status: 200, body: '' })
  })

  test('error: unknown method, bad params, unparsable body', async () => {
    const code = async (body: unknown): Promise<unknown> =>
      (JSON.parse((await post(body)).body) as { error: { code: number } }).error.code
    expect(await code({ jsonrpc: '2.0', id: 1, method: 'nope' })).toBe(-32601)
    expect(await code({ jsonrpc: '2.0', id: 1, method: 'status', params: { x: 1 } })).toBe(-32602)
    expect(await code({ jsonrpc: '2.0', id: 1, method: 'block', params: { height: {} } })).toBe(-32602)
    const { body } = await answer('/', { method: 'POST', body: '{' })
    expect(JSON.parse(body)).toMatchObject({ error: { code: -32700 } })
  })

  test('error: arguments of a URL that cannot be read are HTTP 400', async () => {
    expect(await answer('/block?height=abc')).toMatchObject({ status: 400 })
  })

  test('default: without a body / is an index of the methods', async () => {
    const { headers, body } = await answer('/')
    expect(headers['content-type']).toBe('text/html')
    expect(body).toContain('/broadcast_tx_sync?tx=_')
  })

  test('behavior: heights are numbers or strings by POST, integers or quoted by GET', async () => {
    const height = async (recorded: Promise<Recorded>): Promise<unknown> => {
      const parsed = JSON.parse((await recorded).body) as { result?: unknown }
      return (parsed.result ?? parsed) as unknown
    }
    const expected = { block: { header: { height: '2' } } }
    expect(await height(answer('/block?height=2'))).toMatchObject(expected)
    expect(await height(answer('/block?height="2"'))).toMatchObject(expected)
    expect(
      await height(post({ jsonrpc: '2.0', id: 1, method: 'block', params: { height: 2 } })),
    ).toMatchObject(expected)
    expect(await height(post({ jsonrpc: '2.0', id: 1, method: 'block', params: ['2'] }))).toMatchObject(
      expected,
    )
  })
})

describe('blocks', () => {
  test('default: block, header, commit and block_by_hash agree', async () => {
    const get = async <T>(path: string): Promise<T> => (await getJson(`${validator.rpc}${path}`)) as T
    interface Block {
      readonly block_id: { readonly hash: string }
      readonly block: {
        readonly header: { readonly height: string; readonly proposer_address: string }
        readonly last_commit: { readonly signatures: readonly { readonly block_id_flag: number }[] }
      }
    }
    const block = await get<Block>('/block?height=3')
    const { hash } = block.block_id
    expect(await get('/block_by_hash?hash=0x' + hash)).toEqual(block)
    expect(await get('/header?height=3')).toEqual({ header: block.block.header })
    expect(await get('/commit?height=3')).toMatchObject({
      signed_header: { header: block.block.header, commit: { height: '3', block_id: { hash } } },
      canonical: true,
    })
    expect(await get('/block?height=4')).toMatchObject({
      block: { header: { last_block_id: { hash } }, last_commit: { height: '3', block_id: { hash } } },
    })
    expect(block.block.last_commit.signatures.map((one) => one.block_id_flag)).toEqual([2, 2, 2, 2])
    expect(await get('/blockchain?minHeight=2&maxHeight=3')).toMatchObject({
      block_metas: [{ header: { height: '3' } }, { header: { height: '2' } }],
    })
  })

  test('behavior: an unknown hash is no error', async () => {
    expect(await getJson(`${validator.rpc}/block_by_hash?hash=0x${'ab'.repeat(32)}`)).toEqual({
      block_id: { hash: '', parts: { total: 0, hash: '' } },
      block: null,
    })
  })

  test('behavior: /genesis has what the ceremony and its overrides say', async () => {
    expect(await getJson(`${validator.rpc}/genesis`)).toMatchObject({
      genesis: {
        chain_id: 'sei-test-1',
        validators: [{ power: '10' }, {}, {}, {}],
        app_state: { gov: { voting_params: { voting_period: '60s' } } },
      },
    })
  })
})

describe('quorum lost', () => {
  test('behavior: height frozen, caught up, the share of votes in the recorded shape', async () => {
    await using halted = await startChain({ powers: [10, 10, 10, 10] })
    const [first, , third, fourth] = halted.nodes
    if (first === undefined) throw new Error('no node')
    await reaches(first, 3)
    third?.process.kill('SIGKILL')
    fourth?.process.kill('SIGKILL')
    expect(await fourth?.process.exited).toEqual({ exitCode: 137, signal: 'SIGKILL' })
    await third?.process.exited
    const before = await statusOf(first)
    const state = await getJson(`${first.rpc}/consensus_state`)
    const normalised = (value: unknown): string =>
      JSON.stringify(value)
        .replaceAll(/BA\{4:[x_]{4}\}/g, 'BA{4:x_x_}')
        .replaceAll(/"proposal_block_hash":"\w*"/g, '')
    expect(JSON.stringify(state)).toContain('20/40 = 0.50')
    expect(normalised(shapeOf(state))).toBe(
      normalised(shapeOf(recordedJson('quorum-loss-consensus_state.json'))),
    )
    expect(await statusOf(first)).toMatchObject({
      sync_info: {
        catching_up: false,
        latest_block_height: before.sync_info.latest_block_height,
      },
    })
    expect(await getJson(`${first.rpc}/lag_status`)).toMatchObject({ lag: '0' })
  })
})

describe('lag', () => {
  test('error: beyond the threshold /lag_status is HTTP 417 with the same body', async () => {
    const lagging = await chain.start(7, {
      config: { 'network.rpc.lag_threshold': '0' },
      faults: { haltAtHeight: 1 },
    })
    await reaches(lagging, 1)
    const response = await fetch(`${lagging.rpc}/lag_status`)
    expect(response.status).toBe(417)
    expect(await response.json()).toMatchObject({ current_height: '1' })
    const enveloped = await fetch(lagging.rpc, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'lag_status' }),
    })
    expect(enveloped.status).toBe(417)
    expect(await enveloped.json()).toMatchObject({ result: { current_height: '1' }, error: { code: -32604 } })
  })
})

describe('transactions', () => {
  const sender = operatorKey(0)
  const pay = (amount: string): Promise<Uint8Array> =>
    signedTx(validator, sender, [
      {
        '@type': '/cosmos.bank.v1beta1.MsgSend',
        fromAddress: accountOfKey(sender),
        toAddress: accountOfKey(operatorKey(1)),
        amount: [{ denom: 'usei', amount }],
      },
    ])

  test('default: an accepted transaction is in a block and found by its hash', async () => {
    const tx = await pay('1')
    const sent = (await getJson(
      `${validator.rpc}/broadcast_tx_commit?tx=0x${Buffer.from(tx).toString('hex')}`,
    )) as {
      hash: string
      height: string
    }
    expect(sent).toMatchObject({ check_tx: { code: 0 }, tx_result: { code: 0 } })
    const found = await getJson(`${validator.rpc}/tx?hash=0x${sent.hash}`)
    expect(found).toMatchObject({
      hash: sent.hash,
      height: sent.height,
      index: 0,
      tx: Buffer.from(tx).toString('base64'),
    })
    for (const query of [
      `tx.hash='${sent.hash}'`,
      `message.sender='${accountOfKey(sender)}' AND tx.height=${sent.height}`,
    ])
      expect(
        await getJson(`${validator.rpc}/tx_search?query=${encodeURIComponent(`"${query}"`)}`),
      ).toMatchObject({ total_count: '1' })
    expect(await getJson(`${validator.rpc}/block?height=${sent.height}`)).toMatchObject({
      block: { data: { txs: [Buffer.from(tx).toString('base64')] } },
    })
  })

  test('error: the same transaction twice', async () => {
    const url = `${validator.rpc}/broadcast_tx_sync?tx=0x${Buffer.from(await pay('2')).toString('hex')}`
    await getJson(url)
    expect(await getJson(url)).toMatchObject({
      code: -32603,
      data: 'tx already exists in cache',
    })
  })

  test('error: bytes that are no transaction', async () => {
    expect(await getJson(`${validator.rpc}/broadcast_tx_sync?tx="hello"`)).toMatchObject({
      code: 2,
      codespace: 'sdk',
      log: expect.stringMatching(/: tx parse error$/) as string,
    })
  })

  test('error: without the kv indexer lookups name the missing sink', async () => {
    const blind = await chain.start(8, {
      config: { 'tx_index.indexer': 'null' },
      persistentPeers: [0, 1, 2].map(peerOf),
    })
    await reaches(blind, 1)
    for (const path of [
      `/tx?hash=0x${'ab'.repeat(32)}`,
      '/tx_search?query="tx.height=1"',
      '/broadcast_tx_commit?tx="x"',
    ])
      expect(await getJson(`${blind.rpc}${path}`)).toMatchObject({
        code: -32603,
        data: expect.stringContaining('kvEventSink') as string,
      })
    expect(await getJson(`${blind.rpc}/status`)).toMatchObject({ node_info: { other: { tx_index: 'off' } } })
  })
})

describe('websocket', () => {
  test('default: a subscription answers {} and then sends each new block under the same id', async () => {
    const socket = new WebSocket(`${validator.rpc.replace('http', 'ws')}/websocket`)
    const frames: Record<string, unknown>[] = []
    const enough = Promise.withResolvers<void>()
    socket.addEventListener('open', () =>
      socket.send(
        JSON.stringify({
          jsonrpc: '2.0',
          id: 'blocks',
          method: 'subscribe',
          params: { query: "tm.event='NewBlock'" },
        }),
      ),
    )
    socket.addEventListener('message', ({ data }) => {
      frames.push(JSON.parse(String(data)) as Record<string, unknown>)
      if (frames.length === 4) enough.resolve()
    })
    socket.addEventListener('error', () => enough.reject(new Error('websocket failed')))
    await enough.promise
    socket.close()
    expect(frames[0]).toEqual({ jsonrpc: '2.0', id: 'blocks', result: {} })
    const heights = frames.slice(1).map((frame) => {
      expect(frame).toMatchObject({
        id: 'blocks',
        result: { query: "tm.event='NewBlock'", data: { type: 'tendermint/event/NewBlock' } },
      })
      return Number(
        (frame as { result: { data: { value: { block: { header: { height: string } } } } } }).result.data
          .value.block.header.height,
      )
    })
    expect(heights).toEqual([heights[0], (heights[0] ?? 0) + 1, (heights[0] ?? 0) + 2])
  })
})
