import type { SeiNetworkStatus } from './crds/head/seinetwork.ts'
import type { SeiNodeStatus } from './crds/head/seinode.ts'

/** URLs of one node that answer from where the test runs. A listener that the node's configuration leaves off is absent. */
export interface NodeEndpoints {
  readonly tendermintRpc: string
  readonly evmJsonRpc?: string | undefined
  readonly evmWs?: string | undefined
  readonly tendermintRest?: string | undefined
  /** `.status.endpoint` verbatim: Service URLs, which only answer inside the cluster. Validators publish none. */
  readonly published?: SeiNodeStatus['endpoint'] | undefined
}

/** URLs of a network; each single one is that of a validator, `nodes` has them all by name. */
export interface NetworkEndpoints extends Omit<NodeEndpoints, 'published'> {
  readonly nodes: Readonly<Record<string, NodeEndpoints>>
  /** `.status.endpoints` verbatim. */
  readonly published?: SeiNetworkStatus['endpoints'] | undefined
}

/** The `endpoints` fixture. Followers' URLs where there are followers, the validators' otherwise. */
export interface Endpoints {
  readonly tendermintRpc: string
  readonly tendermintRest?: string | undefined
  readonly evmJsonRpc?: string | undefined
  readonly evmWs?: string | undefined
  readonly evmJsonRpcList: readonly string[]
  readonly validators: readonly NodeEndpoints[]
  readonly followers: readonly NodeEndpoints[]
  readonly published: {
    readonly network?: SeiNetworkStatus['endpoints'] | undefined
    readonly followers: Readonly<Record<string, SeiNodeStatus['endpoint']>>
  }
}

/**
 * Which listeners a node's effective configuration opens. Mode defaults are sei-config's: validators and seeds serve
 * neither EVM nor REST unless overrides switch them on.
 */
export function servedListeners(
  mode: 'validator' | 'full' | 'archive' | 'seed',
  overrides: Readonly<Record<string, string>> = {},
): { rpc: boolean; evm: boolean; evmWs: boolean; rest: boolean } {
  const on = mode === 'full' || mode === 'archive'
  const flag = (key: string): boolean => {
    const value = overrides[key]
    return value === undefined ? on : value === 'true'
  }
  return {
    rpc: mode !== 'seed',
    evm: flag('evm.http_enabled'),
    evmWs: flag('evm.ws_enabled'),
    rest: flag('api.rest.enable'),
  }
}
