import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NodeEndpoints } from '../../src/contract/endpoints.ts'

type Body = Record<string, unknown>

/** A recorded answer of a real seid. */
function recorded(name: string): Body {
  const url = new URL(`../captures/seid-probe/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as Body
}

/** What the server tells about itself; tests change it while it runs. */
export interface SeidState {
  height: number
  catchingUp: boolean
  votingPower: string
  /** `envelope` wraps GET answers too, as other CometBFT builds do. */
  framing: 'bare' | 'envelope'
  haltIntent: unknown
  livePeers: number
  consensus: 'recorded' | 'quorum lost'
  appHeight: number | undefined
  /** Of the latest block; left out: the recorded one. */
  blockHash: string | undefined
  /** The upgrade plan that is pending. */
  plan: { readonly name: string; readonly height: string } | undefined
  /** Answers of `/validators`. */
  powers: string[]
}

export interface RecordedSeid {
  readonly state: SeidState
  readonly endpoints: NodeEndpoints
  /** Paths and EVM methods asked for, in order. */
  readonly asked: string[]
  /** Called before each `/status`: a test changes the state between two observations. */
  beforeStatus: () => void
  close(): Promise<void>
}

/** A server with seid's framings and recorded bodies, on loopback; RPC, EVM and REST answer on one port by path. */
export async function startRecordedSeid(initial: Partial<SeidState> = {}): Promise<RecordedSeid> {
  const state: SeidState = {
    height: 67,
    catchingUp: false,
    votingPower: '10',
    framing: 'bare',
    haltIntent: undefined,
    livePeers: 3,
    consensus: 'recorded',
    appHeight: undefined,
    blockHash: undefined,
    plan: undefined,
    powers: ['10', '10', '10', '10'],
    ...initial,
  }
  const asked: string[] = []
  const seid = { state, asked, beforeStatus: () => {} }
  const server = createServer((request, response) => {
    void answer(seid, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(seid, {
    endpoints: { tendermintRpc: base, evmJsonRpc: `${base}/evm`, tendermintRest: `${base}/rest` },
    close: () => closeServer(server),
  })
}

type Served = Pick<RecordedSeid, 'state' | 'asked' | 'beforeStatus'>

async function answer(seid: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://seid')
  if (url.pathname === '/evm') return send(response, 200, await evmAnswer(seid, request))
  seid.asked.push(url.pathname)
  if (url.pathname.startsWith('/rest/')) return restAnswer(seid.state, url.pathname, response)
  const result = rpcResult(seid, url)
  if (result === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n')
    return
  }
  const isError = 'code' in result
  send(
    response,
    200,
    seid.state.framing === 'envelope' && !isError ? { jsonrpc: '2.0', id: -1, result } : result,
  )
}

function rpcResult(seid: Served, url: URL): Body | undefined {
  switch (url.pathname) {
    case '/status':
      seid.beforeStatus()
      return status(seid.state)
    case '/net_info':
      return netInfo(seid.state)
    case '/consensus_state':
    case '/dump_consensus_state':
      return recorded(seid.state.consensus === 'recorded' ? 'consensus_state' : 'consensus_state-quorum-lost')
    case '/abci_info':
      return abciInfo(seid.state)
    case '/validators':
      return { validators: seid.state.powers.map((power) => ({ voting_power: power })) }
    case '/block':
      return recorded('block-error')
    default:
      return undefined
  }
}

function status(state: SeidState): Body {
  const body = recorded('status') as { sync_info: Body; validator_info: Body }
  const { height, catchingUp, votingPower, haltIntent, blockHash } = state
  return {
    ...body,
    sync_info: {
      ...body.sync_info,
      latest_block_height: String(height),
      catching_up: catchingUp,
      ...(blockHash === undefined ? {} : { latest_block_hash: blockHash }),
    },
    validator_info: { ...body.validator_info, voting_power: votingPower },
    ...(haltIntent === undefined ? {} : { halt_intent: haltIntent }),
  }
}

function netInfo({ livePeers }: SeidState): Body {
  const body = recorded('net_info') as { peer_connections: unknown[] }
  const connections = livePeers === 0 ? null : body.peer_connections.slice(0, livePeers)
  return { ...body, peer_connections: connections }
}

function abciInfo({ height, appHeight }: SeidState): Body {
  const body = recorded('abci_info') as { response: Body }
  return { response: { ...body.response, last_block_height: String(appHeight ?? height) } }
}

async function evmAnswer(seid: Served, request: IncomingMessage): Promise<Body> {
  const { id, method } = JSON.parse(await text(request)) as { id: number; method: string }
  seid.asked.push(method)
  if (method === 'eth_chainId' || method === 'eth_syncing') return { ...recorded(method), id }
  return { jsonrpc: '2.0', id, result: `0x${seid.state.height.toString(16)}` }
}

function restAnswer({ plan }: SeidState, path: string, response: ServerResponse): void {
  if (path.endsWith('/current_plan') && plan !== undefined) return send(response, 200, { plan })
  const known = path.endsWith('/node_info')
  send(response, known ? 200 : 501, recorded(known ? 'node_info' : 'rest-unknown'))
}

function send(response: ServerResponse, code: number, body: Body): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function text(request: IncomingMessage): Promise<string> {
  let all = ''
  for await (const chunk of request.setEncoding('utf8')) all += chunk
  return all
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
