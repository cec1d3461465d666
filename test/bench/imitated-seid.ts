import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { NodeEndpoints } from '../../src/contract/endpoints.ts'

/** When a node becomes what the gates ask for, in ms from its start. */
export interface ReadinessPlan {
  readonly rpcMs: number
  readonly evmMs: number
  readonly restMs: number
  readonly caughtUpMs: number
  /** Between two blocks; height 2 is committed at the start. */
  readonly blockMs: number
}

/** A server per listener, each bound at its moment and refused before, on ports that are known from the start. */
export interface ImitatedSeid {
  readonly endpoints: NodeEndpoints
  /** Resolves to the `performance.now()` from which on an observer who never sleeps would call the node ready. */
  readonly trulyReady: Promise<number>
  close(): Promise<void>
}

type Json = Record<string, unknown>

const capture = new URL('../captures/seid-probe/status.json', import.meta.url)
const recorded = JSON.parse(readFileSync(capture, 'utf8')) as { sync_info: Json }

export async function imitateSeid(plan: ReadinessPlan): Promise<ImitatedSeid> {
  const start = performance.now()
  const height = (): number => 2 + Math.floor((performance.now() - start) / plan.blockMs)
  const status = (): Json => ({
    ...recorded,
    sync_info: {
      ...recorded.sync_info,
      latest_block_height: String(height()),
      catching_up: performance.now() < start + plan.caughtUpMs,
    },
  })
  const block = (): Json => ({ jsonrpc: '2.0', id: 1, result: `0x${height().toString(16)}` })
  const rpc = await createListener(plan.rpcMs, status)
  const evm = await createListener(plan.evmMs, block)
  const rest = await createListener(plan.restMs, () => ({ default_node_info: {} }))
  const listeners = [rpc, evm, rest]
  return {
    endpoints: { tendermintRpc: rpc.url, evmJsonRpc: evm.url, tendermintRest: rest.url },
    trulyReady: Promise.all(listeners.map(({ boundAt }) => boundAt)).then((bound) => {
      const caughtUpAt = Math.max(bound[0] ?? 0, start + plan.caughtUpMs)
      const blocks = Math.floor((caughtUpAt - start) / plan.blockMs) + 1
      return Math.max(...bound, start + blocks * plan.blockMs)
    }),
    close: async () => {
      await Promise.all(listeners.map(({ server }) => closeServer(server)))
    },
  }
}

interface Listener {
  readonly server: Server
  readonly url: string
  /** `performance.now()` when it was bound. */
  readonly boundAt: Promise<number>
}

async function createListener(afterMs: number, body: () => Json): Promise<Listener> {
  const server = createServer((request, response) => void answer(request, response, body))
  const port = await freePort()
  const { promise: boundAt, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  setTimeout(() => server.listen(port, '127.0.0.1', () => resolve(performance.now())), afterMs)
  return { server, url: `http://127.0.0.1:${port}`, boundAt }
}

async function answer(request: IncomingMessage, response: ServerResponse, body: () => Json): Promise<void> {
  await request.resume().toArray()
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body()))
}

let nextPort = 10_000 + (process.pid % 4_000)

/** Below the ports that the system gives to outgoing connections: those would take one before its moment. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await closeServer(server)
    return port
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
