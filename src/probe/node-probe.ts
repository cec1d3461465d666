import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { NodeHandle, NodeStatus, WaitOptions } from '../contract/handles.ts'
import type { Time } from '../contract/time.ts'
import { SeiError } from '../errors/sei-error.ts'
import { evmCall, readEvmBlockNumber, readEvmChainId } from './evm.ts'
import { waitForHeight, type HeightWait } from './height-wait.ts'
import { restGet } from './rest.ts'
import { readStatus, rpcGet, type ProbeOptions } from './seid-rpc.ts'

/** The half of a node handle that needs no Kubernetes API. Both implementations are built on it. */
export type NodeProbe = Pick<
  NodeHandle,
  | 'status'
  | 'latestHeight'
  | 'earliestHeight'
  | 'waitHeight'
  | 'waitHeightAdvances'
  | 'evmBlockNumber'
  | 'evmChainId'
  | 'evm'
  | 'rpc'
  | 'rest'
>

export interface NodeProbeSource {
  readonly name: string
  /** Where the node's listeners answer; asked before each probe. */
  endpoints(signal: AbortSignal | undefined): Promise<NodeEndpoints>
  /** Deadline of height waits that name none, ms. */
  readonly waitMs: number
  /** Of its cluster. @default the wall clock's */
  readonly time?: Time | undefined
}

export function createNodeProbe(source: NodeProbeSource): NodeProbe {
  const { name } = source
  const rpcUrl = async (options?: ProbeOptions): Promise<string> =>
    (await source.endpoints(options?.signal)).tendermintRpc
  const evmUrl = async (options?: ProbeOptions): Promise<string> =>
    (await source.endpoints(options?.signal)).evmJsonRpc ?? notServed(name, 'EVM', 'evm.http_enabled')
  const restUrl = async (options?: ProbeOptions): Promise<string> =>
    (await source.endpoints(options?.signal)).tendermintRest ?? notServed(name, 'REST', 'api.rest.enable')
  const status = async (options?: ProbeOptions): Promise<NodeStatus> =>
    readStatus(await rpcUrl(options), options)
  const latestHeight = async (options?: ProbeOptions): Promise<number> => (await status(options)).latestHeight

  return {
    status,
    latestHeight,
    earliestHeight: async (options) => (await status(options)).earliestHeight,
    ...createHeightWaits(name, latestHeight, source.waitMs, source.time),
    evmBlockNumber: async (options) => readEvmBlockNumber(await evmUrl(options), options),
    evmChainId: async (options) => readEvmChainId(await evmUrl(options), options),
    evm: async <T>(method: string, params: readonly unknown[] = [], options?: WaitOptions) =>
      evmCall<T>(await evmUrl(options), method, params, options),
    rpc: async <T>(method: string, params: Readonly<Record<string, string>> = {}, options?: WaitOptions) =>
      rpcGet<T>(await rpcUrl(options), method, params, options),
    rest: async <T>(path: string, options?: WaitOptions) => restGet<T>(await restUrl(options), path, options),
  }
}

/** The two height waits of a node or network, over its way to read the height. */
export function createHeightWaits(
  name: string,
  read: HeightWait['read'],
  waitMs: number,
  time?: Time,
): Pick<NodeHandle, 'waitHeight' | 'waitHeightAdvances'> {
  const wait = (goal: string, options: WaitOptions | undefined, left: HeightWait['left']): Promise<number> =>
    waitForHeight({
      goal,
      timeoutMs: options?.timeoutMs ?? waitMs,
      signal: options?.signal,
      time,
      read,
      left,
    })
  return {
    waitHeight: (height, options) =>
      wait(`${name} to reach height ${height}`, options, (seen) => height - seen),
    waitHeightAdvances: (delta = 1, options) => {
      let first: number | undefined
      return wait(`${name} to advance by ${delta}`, options, (seen) => {
        first ??= seen
        return first + delta - seen
      })
    },
  }
}

function notServed(node: string, what: string, key: string): never {
  throw new SeiError(`node ${node} serves no ${what}`, {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: `set ${key} to "true" in the config of its spec, or ask a follower`,
  })
}
