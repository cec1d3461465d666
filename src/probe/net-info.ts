import { isRecord, readNumber, readText, type Json } from './json.ts'
import { rpcGet, type ProbeOptions } from './seid-rpc.ts'

export interface NetInfo {
  /** Addresses the node knows of (`n_peers`): not the same as links. */
  readonly knownPeers: number
  /** Live links. */
  readonly connections: readonly { nodeId: string; state: string; score: number }[]
  readonly peers: readonly { nodeId: string; address: string }[]
}

/** `/net_info`. Both lists are null when empty, and addresses may carry a `mconn://` scheme. */
export async function readNetInfo(rpcUrl: string, options: ProbeOptions = {}): Promise<NetInfo> {
  return parseNetInfo(await rpcGet(rpcUrl, 'net_info', {}, options))
}

/** The body of `/net_info`, out of its envelope. */
export function parseNetInfo(body: unknown): NetInfo {
  const info = isRecord(body) ? body : {}
  return {
    knownPeers: readNumber(info.n_peers) ?? 0,
    connections: records(info.peer_connections).map((link) => ({
      nodeId: readText(link.node_id),
      state: readText(link.state),
      score: readNumber(link.score) ?? 0,
    })),
    peers: records(info.peers).map((peer) => ({
      nodeId: readText(peer.node_id),
      address: readText(peer.url).replace(/^mconn:\/\//, ''),
    })),
  }
}

function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}
