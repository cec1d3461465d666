import type { PeerSource, SeiNode } from '../../../contract/crds/head/seinode.ts'
import { p2pAddress } from '../../../contract/names.ts'

/** Asks the sidecar of a node for its p2p id; `undefined` when it cannot be had now. */
export type NodeIdLookup = (node: SeiNode) => Promise<string | undefined>

export interface PeerResolution {
  /** SeiNodes of one namespace. */
  readonly nodesIn: (namespace: string) => readonly SeiNode[]
  readonly nodeId: NodeIdLookup
}

/**
 * The peers of a node as `<node_id>@<host>:<port>`, sorted and without duplicates. A peer that does not answer keeps the
 * entry it had; one that never did is left out.
 */
export async function resolvePeers(node: SeiNode, resolution: PeerResolution): Promise<string[]> {
  const before = node.status?.resolvedPeers ?? []
  const known = new Map(before.map((entry): [string, string] => [addressIn(entry), entry]))
  const found = await Promise.all(
    (node.spec.peers ?? []).map((source) => resolveSource(node, source, known, before, resolution)),
  )
  return [...new Set(found.flat())].toSorted()
}

async function resolveSource(
  node: SeiNode,
  source: PeerSource,
  known: ReadonlyMap<string, string>,
  before: readonly string[],
  resolution: PeerResolution,
): Promise<readonly string[]> {
  if (source.static !== undefined) return source.static.addresses
  // Instances cannot be asked for here. A failure to ask keeps the whole previous list.
  if (source.label === undefined) return before
  const { selector } = source.label
  const namespace = source.label.namespace ?? node.metadata.namespace ?? ''
  const peers = resolution
    .nodesIn(namespace)
    .filter((peer) => matches(peer, selector) && peer.metadata.uid !== node.metadata.uid)
  const entries = await Promise.all(
    peers.map(async (peer) => {
      const address = peerAddress(peer)
      const id = await resolution.nodeId(peer)
      return id === undefined ? known.get(address) : `${id}@${address}`
    }),
  )
  return entries.filter((entry) => entry !== undefined)
}

function matches(node: SeiNode, selector: Readonly<Record<string, string>>): boolean {
  const labels = node.metadata.labels ?? {}
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

function peerAddress(peer: SeiNode): string {
  const external = peer.spec.externalAddress ?? ''
  return external === '' ? p2pAddress(peer.metadata.name, peer.metadata.namespace ?? '') : external
}

function addressIn(entry: string): string {
  return entry.slice(entry.indexOf('@') + 1)
}
