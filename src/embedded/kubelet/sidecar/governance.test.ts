import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { encode, decode } from '../../chain/tx/wire.ts'
import { createClock } from '../../clock.ts'
import { realWall } from '../../wall.ts'
import { createBucket } from './bucket.ts'
import { emptyFiles, type TaskRecord } from './files.ts'
import { createGate } from './gate.ts'
import type { TaskContext } from './handler.ts'
import { createLedger } from './ledger.ts'

/** How a node answers one RPC method: a result, or an error. */
type Answer = { readonly result: unknown } | { readonly error: { message: string; data: string } }
type Rpc = Record<string, (params: Record<string, string>) => Answer>

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const account = encode('QueryAccountResponse', {
  account: {
    typeUrl: '/cosmos.auth.v1beta1.BaseAccount',
    value: encode('BaseAccount', { address: 'sei1', pubKey: undefined, accountNumber: 7, sequence: 4 }),
  },
})
const value = Buffer.from(account).toString('base64')
const missing: Answer = { error: { message: 'Internal error', data: 'tx not found' } }
const included = (code: number, log = ''): Answer => ({
  result: { height: '12', tx_result: { code, codespace: code === 0 ? '' : 'gov', log, data: null } },
})

/** A node that answers as `rpc` says, and what the sidecar beside it does with governance tasks. */
async function beside(
  rpc: Rpc,
  network = 'net-1',
): Promise<{
  readonly sent: string[]
  readonly rpc: Rpc
  run(params?: Record<string, unknown>, id?: string): Promise<TaskRecord>
}> {
  const sent: string[] = []
  const answers: Rpc = {
    abci_query: () => ({ result: { response: { code: 0, log: '', value } } }),
    broadcast_tx_sync: () => ({ result: { code: 0, log: '', codespace: '' } }),
    ...rpc,
  }
  const server = createServer(async (request, response) => {
    if (request.url === '/status') {
      const sync_info = { latest_block_height: '9', catching_up: false }
      response.end(JSON.stringify({ node_info: { network }, sync_info }))
      return
    }
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { method, params } = JSON.parse(body) as { method: string; params: Record<string, string> }
    if (method === 'broadcast_tx_sync') sent.push(params['tx'] ?? '')
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...answers[method]?.(params) }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const files = emptyFiles()
  files.home = { nodeId: 'ab', height: 9, operatorKey: '11'.repeat(32) }
  const context: TaskContext = {
    clock: createClock(1_000),
    seid: { up: createGate(), wall: realWall, signal: () => undefined, port: () => Promise.resolve(port) },
    era: 'head',
    keyring: true,
    files,
    artifacts: createBucket().chain('genesis', 'net-1'),
    gate: createGate(),
    chainId: 'net-1',
    ceremonyFails: false,
    now: () => new Date(),
  }
  const ledger = createLedger(context, () => undefined)
  return {
    sent,
    rpc: answers,
    async run(params = {}, id = randomUUID()) {
      ledger.submit(id, 'gov-vote', { ...vote, ...params })
      for (;;) {
        const record = ledger.get(id)
        if (record !== undefined && record.status !== 'running') return { ...record }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

const vote = {
  chainId: 'net-1',
  keyName: 'validator',
  proposalId: 3,
  option: 'no-with-veto',
  fees: '2000usei',
  gas: 200_000,
}

test('default: a vote is signed with the account’s numbers, tagged with its task, sent and confirmed', async () => {
  const node = await beside({ tx: () => included(0) })
  const id = randomUUID()
  const record = await node.run({ memo: 'from a test' }, id)
  expect(record).toMatchObject({
    status: 'completed',
    result: { inclusionStatus: 'committed_ok', height: 12, txHash: expect.stringMatching(/^[0-9A-F]{64}$/) },
  })
  const { bodyBytes, authInfoBytes } = decode('TxRaw', Buffer.from(node.sent[0] ?? '', 'base64'))
  const { memo, messages } = decode('TxBody', bodyBytes)
  expect(memo).toBe(`from a test taskID=${id}`)
  expect(decode('MsgVote', messages[0]?.value ?? new Uint8Array())).toMatchObject({
    proposalId: 3,
    option: 4,
  })
  expect(decode('AuthInfo', authInfoBytes)).toMatchObject({
    signerInfos: [{ sequence: 4 }],
    fee: { amount: [{ denom: 'usei', amount: '2000' }], gasLimit: 200_000 },
  })
})

test('error: one that was included with an error says which, and has a result', async () => {
  const node = await beside({ tx: () => included(3, '3: inactive proposal') })
  expect(await node.run()).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(
      /^tx [0-9A-F]{64} committed but failed: code=3 codespace="gov" log=3: inactive/,
    ),
    result: {
      inclusionStatus: 'committed_failed',
      code: 3,
      codespace: 'gov',
      rawLog: '3: inactive proposal',
    },
  })
})

test('behavior: one that was not seen is looked for, not signed anew, by the next execution', async () => {
  const node = await beside({ tx: () => missing })
  const id = randomUUID()
  const first = await node.run({}, id)
  expect(first).toMatchObject({ status: 'failed', result: { inclusionStatus: 'pending' } })
  node.rpc['tx'] = () => included(0)
  const second = await node.run({}, id)
  expect(second).toMatchObject({ status: 'completed', run: 2 })
  expect(second.result).toMatchObject({ txHash: (first.result as { txHash: string }).txHash })
  expect(node.sent).toHaveLength(1)
})

test('error: without an index it is sent, and nobody can tell what became of it', async () => {
  const data = 'transaction querying is disabled due to no kvEventSink'
  const node = await beside({ tx: () => ({ error: { message: 'Internal error', data } }) })
  expect(await node.run()).toMatchObject({ status: 'failed', result: { inclusionStatus: 'unverifiable' } })
  expect(node.sent).toHaveLength(1)
})

test('error: one that is refused is signed anew by the next execution', async () => {
  const refusal = { code: 32, codespace: 'sdk', log: 'account sequence mismatch' }
  const node = await beside({ broadcast_tx_sync: () => ({ result: refusal }), tx: () => missing })
  const id = randomUUID()
  expect(await node.run({}, id)).toMatchObject({
    status: 'failed',
    error: 'broadcast rejected: code=32 codespace="sdk" log=account sequence mismatch',
  })
  node.rpc['broadcast_tx_sync'] = () => ({ result: { code: 0, log: '', codespace: '' } })
  node.rpc['tx'] = () => included(0)
  expect(await node.run({}, id)).toMatchObject({ status: 'completed' })
})

test('error: what is wrong with a task is told before anything is sent', async () => {
  const node = await beside({})
  const wrong = [
    [{ chainId: 'net-2' }, 'chainId net-2 does not match SEI_CHAIN_ID net-1'],
    [{ fees: '1uatom' }, 'fees must be a positive amount of usei, got "1uatom"'],
    [{ fees: '0usei' }, 'fees must be a positive amount of usei, got "0usei"'],
    [{ gas: 0 }, 'gas must be a positive integer'],
    [{ memo: 'x'.repeat(257) }, 'memo is longer than 256 characters'],
    [{ memo: 'tab\t' }, 'memo must be printable'],
    [{ memo: 'taskID=1' }, 'memo must not contain taskID=: it is appended here'],
    [{ option: 'maybe' }, 'unknown vote option "maybe"'],
    [{ keyName: 'node_admin' }, 'node_admin.info: key not found'],
  ] as const
  for (const [params, error] of wrong)
    expect(await node.run(params)).toMatchObject({ status: 'failed', error })
  expect(node.sent).toEqual([])
  const elsewhere = await beside({}, 'net-9')
  expect(await elsewhere.run()).toMatchObject({ error: 'seid is on chain net-9, not on net-1' })
})
