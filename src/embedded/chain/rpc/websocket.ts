import type { RawData, WebSocket } from 'ws'
import type { SeidNode } from '../seid-node.ts'
import type { ChainBlock } from '../messages.ts'
import { acceptWebSockets, textOf, type Upgrade } from '../websocket.ts'
import { printBlock } from './blocks.ts'
import { RpcError, internalError } from './errors.ts'
import type { RpcMethods } from './method.ts'
import { answerMessage } from './server.ts'

const maxClients = 100
const maxSubscriptions = 5
const maxQueryLength = 512
/** Real milliseconds between pings: sockets live in wall time. */
const pingMs = 27_000

/** `/websocket` on the RPC port: every method, and subscriptions to new blocks. */
export function rpcUpgrade(node: SeidNode, methods: RpcMethods): Upgrade {
  let clients = 0
  return acceptWebSockets('/websocket', (client) => {
    clients += 1
    client.on('close', () => {
      clients -= 1
    })
    if (clients > maxClients) client.close(1013, 'too many clients')
    else serve(node, methods, client)
  })
}

function serve(node: SeidNode, methods: RpcMethods, client: WebSocket): void {
  const subscriptions = new Map<string, () => void>()
  const ping = setInterval(() => client.ping(), pingMs)
  ping.unref()
  client.on('message', (data: RawData) => {
    void answerMessage(
      node,
      subscriptionMethods(methods, subscriptions, client, textOf(data)),
      textOf(data),
    ).then((answer) => (answer === undefined ? undefined : client.send(answer)))
  })
  client.on('error', () => client.terminate())
  client.on('close', () => {
    clearInterval(ping)
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
  })
}

/** The methods of one message: later frames of a subscription reuse the id of the message that made it. */
function subscriptionMethods(
  methods: RpcMethods,
  subscriptions: Map<string, () => void>,
  client: WebSocket,
  message: string,
): RpcMethods {
  const send = (result: unknown): void =>
    client.send(JSON.stringify({ jsonrpc: '2.0', id: idOf(message), result }))
  return {
    ...methods,
    subscribe: {
      params: { query: 'string' },
      run: (node, args) => {
        const query = args.string('query')
        if (query.length > maxQueryLength) throw internalError('maximum query length exceeded')
        if (subscriptions.size >= maxSubscriptions)
          throw internalError(`max_subscriptions_per_client ${maxSubscriptions} reached`)
        if (subscriptions.has(query)) throw internalError('already subscribed')
        const kind = /^tm\.event\s*=\s*'(NewBlock|NewBlockHeader)'$/.exec(query.trim())?.[1]
        if (kind === undefined) throw new RpcError(-32603, `failed to parse query: ${query}`)
        subscriptions.set(query, pushBlocks(node, query, kind, send))
        return {}
      },
    },
    unsubscribe: {
      params: { query: 'string' },
      run: (_node, args) => {
        subscriptions.get(args.string('query'))?.()
        if (!subscriptions.delete(args.string('query'))) throw internalError('subscription not found')
        return {}
      },
    },
    unsubscribe_all: {
      params: {},
      run: () => {
        for (const stop of subscriptions.values()) stop()
        subscriptions.clear()
        return {}
      },
    },
  }
}

function idOf(message: string): unknown {
  const parsed: unknown = JSON.parse(message)
  return typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : null
}

function pushBlocks(
  node: SeidNode,
  query: string,
  kind: string,
  send: (result: unknown) => void,
): () => void {
  const push = async (from: number, to: number): Promise<void> => {
    for (let height = from; height <= to; height += 1) {
      const block = await node.session.query('block', height)
      if (block !== undefined) send(await event(node, query, kind, block))
    }
  }
  return node.onView((view, before) => {
    // Fails only once the node is on its way out, and then its clients are cut off anyway.
    push(before.height + 1, view.height).catch(() => undefined)
  })
}

async function event(node: SeidNode, query: string, kind: string, block: ChainBlock): Promise<unknown> {
  const printed = (await printBlock(node, block)) as { block_id: unknown; block: { header: unknown } }
  const value =
    kind === 'NewBlock' ? printed : { header: printed.block.header, num_txs: String(block.txs.length) }
  return {
    subscription_id: `${node.config.home.nodeId}/${query}`,
    query,
    data: { type: `tendermint/event/${kind}`, value },
    events: { 'tm.event': [kind] },
  }
}
