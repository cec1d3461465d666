import { randomBytes } from 'node:crypto'
import type { RawData, WebSocket } from 'ws'
import type { SeidNode } from '../seid-node.ts'
import { acceptWebSockets, textOf, type Upgrade } from '../websocket.ts'
import { evmHeader } from './blocks.ts'
import { EvmError } from './errors.ts'
import type { EvmMethods, EvmScope } from './method.ts'
import { evmWsMethods } from './methods.ts'
import { answerEvm } from './server.ts'

/** Port 8546: the same JSON-RPC over a WebSocket, with `eth_subscribe`. */
export function evmUpgrade(scope: EvmScope): Upgrade {
  return acceptWebSockets('/', (client) => serve(scope, client))
}

function serve(scope: EvmScope, client: WebSocket): void {
  const subscriptions = new Map<string, () => void>()
  const send = (text: string): void => client.send(text)
  const methods: EvmMethods = {
    ...evmWsMethods,
    eth_subscribe: ({ node }, [kind]) => {
      if (kind !== 'newHeads' && kind !== 'logs')
        throw new EvmError(-32601, `no "${String(kind)}" subscription in eth namespace`)
      const id = `0x${randomBytes(16).toString('hex')}`
      subscriptions.set(id, kind === 'newHeads' ? pushHeads(node, id, send) : () => undefined)
      return id
    },
    eth_unsubscribe: (_scope, [id]) => {
      subscriptions.get(String(id))?.()
      if (!subscriptions.delete(String(id))) throw new EvmError(-32000, 'subscription not found')
      return true
    },
  }
  client.on('message', (data: RawData) => {
    void answerEvm(scope, methods, textOf(data)).then((answer) =>
      answer === undefined ? undefined : send(answer),
    )
  })
  client.on('error', () => client.terminate())
  client.on('close', () => {
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
  })
}

/** Pushes the header of every block from now on, in order; returns the way to stop. */
function pushHeads(node: SeidNode, subscription: string, send: (text: string) => void): () => void {
  const push = async (from: number, to: number): Promise<void> => {
    for (let height = from; height <= to; height += 1) {
      const block = await node.session.query('block', height)
      if (block === undefined) continue
      const params = { subscription, result: evmHeader(block) }
      send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
    }
  }
  return node.onView((view, before) => {
    // Fails only once the node is on its way out, and then its clients are cut off anyway.
    push(before.height + 1, view.height).catch(() => undefined)
  })
}
