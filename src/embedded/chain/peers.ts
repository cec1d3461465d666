import type { PeerBook } from './types.ts'

/** How one node takes part in the peer-to-peer network. */
export interface PeerOptions {
  readonly id: string
  /** `<id>@<host>:<port>` */
  readonly persistentPeers: readonly string[]
  readonly peerExchange: boolean
  readonly address?: string | undefined
}

interface Peer {
  readonly id: string
  readonly exchanges: boolean
  readonly known: Set<string>
  readonly live: Set<string>
}

/** Who is linked to whom. Links are symmetric and exist only between nodes that are up. */
export interface PeerGraph {
  join(options: PeerOptions): void
  leave(id: string): void
  /** One round of peer exchange; true when a link was added. */
  exchange(): boolean
  live(id: string): ReadonlySet<string>
  book(id: string): PeerBook
  /** Everyone reachable from `id` over live links, itself included. */
  component(id: string): ReadonlySet<string>
}

export function createPeerGraph(): PeerGraph {
  const peers = new Map<string, Peer>()
  const addresses = new Map<string, string>()
  let components = new Map<string, ReadonlySet<string>>()
  const none: ReadonlySet<string> = new Set()

  function link(a: Peer, b: Peer): boolean {
    if (a.live.has(b.id)) return false
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      from.live.add(to.id)
      from.known.add(to.id)
    }
    components = new Map()
    return true
  }

  function join(options: PeerOptions): void {
    const configured = options.persistentPeers.map(parsePeer).filter((peer) => peer.id !== options.id)
    for (const { id, address } of configured) if (!addresses.has(id)) addresses.set(id, address)
    if (options.address !== undefined) addresses.set(options.id, options.address)
    const peer: Peer = {
      id: options.id,
      exchanges: options.peerExchange,
      known: new Set(configured.map(({ id }) => id)),
      live: new Set(),
    }
    for (const other of peers.values())
      if (peer.known.has(other.id) || other.known.has(peer.id)) link(peer, other)
    peers.set(peer.id, peer)
    components = new Map()
  }

  function leave(id: string): void {
    peers.delete(id)
    for (const other of peers.values()) other.live.delete(id)
    components = new Map()
  }

  /** Only nodes that take part in the exchange tell and learn; a node that does not can still be dialled. */
  function exchange(): boolean {
    const learned: [Peer, string][] = []
    for (const peer of peers.values()) {
      if (!peer.exchanges) continue
      for (const tellerId of peer.live) {
        const teller = peers.get(tellerId)
        if (teller?.exchanges !== true) continue
        for (const id of teller.known) if (id !== peer.id && !peer.live.has(id)) learned.push([peer, id])
      }
    }
    let added = false
    for (const [peer, id] of learned) {
      peer.known.add(id)
      const other = peers.get(id)
      if (other !== undefined) added = link(peer, other) || added
    }
    return added
  }

  function component(id: string): ReadonlySet<string> {
    const cached = components.get(id)
    if (cached !== undefined) return cached
    const found = new Set([id])
    for (const at of found) for (const next of peers.get(at)?.live ?? none) found.add(next)
    for (const member of found) components.set(member, found)
    return found
  }

  return {
    join,
    leave,
    exchange,
    component,
    live: (id) => peers.get(id)?.live ?? none,
    book: (id) => ({
      known: [...(peers.get(id)?.known ?? none)].map((known) => ({
        id: known,
        address: addresses.get(known) ?? '127.0.0.1:26656',
      })),
      live: [...(peers.get(id)?.live ?? none)],
    }),
  }
}

function parsePeer(text: string): { id: string; address: string } {
  const at = text.indexOf('@')
  return at < 0 ? { id: text, address: '' } : { id: text.slice(0, at), address: text.slice(at + 1) }
}
