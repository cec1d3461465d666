import type { SeidNode } from './seid-node.ts'

/** Reactor channels of the node's software. */
export const channelsHex = '402021222330386061626300'

/** `node_info` as CometBFT prints it; REST prints the same facts a little differently. */
export interface NodeInfo {
  readonly protocol_version: { readonly p2p: string; readonly block: string; readonly app: string }
  readonly id: string
  readonly listen_addr: string
  readonly network: string
  readonly version: string
  readonly channels: string
  readonly moniker: string
  readonly other: { readonly tx_index: string; readonly rpc_address: string }
}

export function nodeInfo({ config, settings }: SeidNode): NodeInfo {
  return {
    protocol_version: { p2p: '8', block: '11', app: '0' },
    id: config.home.nodeId,
    listen_addr: settings.externalAddress === '' ? 'tcp://0.0.0.0:26656' : settings.externalAddress,
    network: config.genesis.chainId,
    version: '0.35.0-unreleased',
    channels: channelsHex,
    moniker: config.moniker,
    other: { tx_index: settings.indexesTxs ? 'on' : 'off', rpc_address: 'tcp://0.0.0.0:26657' },
  }
}
