import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startRecordedSeid, type RecordedSeid } from '../../test/helpers/recorded-seid.ts'
import { readConsensusState } from './consensus-state.ts'
import { evmCall, readEvmBlockNumber, readEvmChainId } from './evm.ts'
import { httpExchange } from './http.ts'
import { readNetInfo } from './net-info.ts'
import { nodeInfoPath, restGet } from './rest.ts'
import { parseStatus, readStatus, readStatusReading, rpcGet } from './seid-rpc.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function seid(state: Parameters<typeof startRecordedSeid>[0] = {}): Promise<RecordedSeid> {
  const started = await startRecordedSeid(state)
  open.push(started)
  return started
}

test.for(['bare', 'envelope'] as const)('default: /status is read in its %s shape', async (framing) => {
  const { endpoints } = await seid({ framing })
  const status = await readStatus(endpoints.tendermintRpc)
  expect(status).toMatchObject({
    chainId: 'sei-local-1',
    moniker: 'val0',
    latestHeight: 67,
    earliestHeight: 1,
    catchingUp: false,
    votingPower: 10,
  })
  expect(status.raw).toHaveProperty('sync_info.latest_block_height', '67')
})

test('behavior: a halt intent is read with numbers or strings, and null means none', async () => {
  const { endpoints, state } = await seid({ haltIntent: { reason: '70', height: '12', plan_name: 'v9' } })
  const read = async (): Promise<unknown> => (await readStatusReading(endpoints.tendermintRpc)).haltIntent
  expect(await read()).toEqual({ reason: 70, height: 12, planName: 'v9' })
  state.haltIntent = { reason: 70, height: 12, plan_name: 'v9' }
  expect(await read()).toEqual({ reason: 70, height: 12, planName: 'v9' })
  state.haltIntent = null
  expect(await read()).toBeUndefined()
})

test('error: an error that arrives with HTTP 200 is thrown with what the node says', async () => {
  const { endpoints } = await seid()
  await expect(rpcGet(endpoints.tendermintRpc, 'block', { height: '99999999' })).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: expect.stringContaining('height must be less than or equal to the head'),
    details: { rpcCode: -32603 },
  })
})

test('error: an unknown path, and a status without sync_info, are failures', async () => {
  const { endpoints } = await seid()
  await expect(rpcGet(endpoints.tendermintRpc, 'nonexistent')).rejects.toMatchObject({ code: 'PROBE_FAILED' })
  expect(() => parseStatus('http://n', { result: {} })).toThrow(/without sync_info/)
  expect(() => parseStatus('http://n', { sync_info: { catching_up: true } })).toThrow(/lacks height/)
})

test('default: EVM and REST answers are read, their errors thrown with code and message', async () => {
  const { endpoints } = await seid()
  const { evmJsonRpc = '', tendermintRest = '' } = endpoints
  expect(await readEvmBlockNumber(evmJsonRpc)).toBe(67)
  expect(await readEvmChainId(evmJsonRpc)).toBe(713714)
  await expect(evmCall(evmJsonRpc, 'eth_syncing')).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    details: { rpcCode: -32000 },
  })
  expect(await restGet(tendermintRest, nodeInfoPath)).toHaveProperty('application_version.app_name', 'seid')
  await expect(restGet(tendermintRest, '/nope')).rejects.toMatchObject({
    details: { httpStatus: 501, grpcCode: 12 },
  })
})

test('default: live links are told from known addresses, mconn:// is taken off, null means none', async () => {
  const { endpoints, state } = await seid()
  const info = await readNetInfo(endpoints.tendermintRpc)
  expect(info.connections).toHaveLength(3)
  expect(info.peers[0]?.address).toBe('4815fb9c59817aa63381748b752ce0eb0b88f157@127.0.0.1:26756')
  state.livePeers = 0
  expect(await readNetInfo(endpoints.tendermintRpc)).toMatchObject({ knownPeers: 3, connections: [] })
})

test('default: vote shares come from the bit arrays', async () => {
  const { endpoints } = await seid({ consensus: 'quorum lost' })
  expect(await readConsensusState(endpoints.tendermintRpc)).toMatchObject({
    height: 395,
    round: 0,
    step: 4,
    prevoteShare: 0.5,
    precommitShare: 0,
  })
})

test('error: refused, silent and cancelled probes are told apart', async () => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await expect(httpExchange(url, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'PROBE_TIMEOUT' })
  const cancel = new AbortController()
  const pending = httpExchange(url, { signal: cancel.signal })
  cancel.abort()
  await expect(pending).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(httpExchange(url)).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    details: { errno: 'ECONNREFUSED' },
  })
})

test('error: credentials and query of a URL never reach the message', async () => {
  const failure = await httpExchange('http://user:hunter2@127.0.0.1:1/x?key=sesame').catch(String)
  expect(failure).toContain('127.0.0.1:1/x')
  expect(failure).not.toMatch(/hunter2|sesame/)
})
