import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { NodeStatus } from '../contract/handles.ts'
import { isSeiError } from '../errors/guards.ts'
import { readEvmBlockNumber, readEvmChainId } from '../probe/evm.ts'
import { nodeInfoPath, restGet } from '../probe/rest.ts'
import { readStatus, rpcGet, type ProbeOptions } from '../probe/seid-rpc.ts'
import type { Item } from './item.ts'

const rpcMethods = ['net_info', 'consensus_state', 'dump_consensus_state', 'abci_info', 'validators'] as const

/**
 * What a node says about itself. That it refuses or answers with an error is an observation too, not a lost one. `onStatus`
 * hears its status, if it gives one.
 */
export function nodeItems(
  name: string,
  endpoints: NodeEndpoints | undefined,
  timeoutMs: number,
  onStatus?: (status: NodeStatus) => void,
): Item[] {
  if (endpoints === undefined) return []
  const { tendermintRpc, evmJsonRpc, tendermintRest } = endpoints
  const item = (file: string, read: (options: ProbeOptions) => Promise<unknown>): Item => ({
    path: `nodes/${name}/${file}.json`,
    read: (signal) => observe(() => read({ signal, timeoutMs })),
  })
  const items = [
    item('status', async (options) => {
      const status = await readStatus(tendermintRpc, options)
      onStatus?.(status)
      return status.raw
    }),
    ...rpcMethods.map((method) =>
      item(method, (options) => rpcGet<unknown>(tendermintRpc, method, {}, options)),
    ),
  ]
  if (evmJsonRpc !== undefined) {
    items.push(
      item('evm', async (options) => ({
        blockNumber: await readEvmBlockNumber(evmJsonRpc, options),
        chainId: await readEvmChainId(evmJsonRpc, options),
      })),
    )
  }
  if (tendermintRest !== undefined) {
    items.push(item('node_info', (options) => restGet<unknown>(tendermintRest, nodeInfoPath, options)))
  }
  return items
}

async function observe(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    if (isSeiError(error) && error.code === 'PROBE_FAILED') {
      return { unanswered: error.message, details: error.details }
    }
    throw error
  }
}
