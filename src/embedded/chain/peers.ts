import type { PeerBook } from './messages.ts'

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

const none: ReadonlySet<string> = new Set()

/** Who is linked to whom. Links are symmetric and exist only between nodes that are up. */
export class PeerGraph {
  readonly #peers = new Map<string, Peer>()
  readonly #addresses = new Map<string, string>()
  #components = new Map<string, ReadonlySet<string>>()
  /** Pairs that cannot reach each other, whatever they know. */
  #severed: ReadonlySet<string> = new Set()
  /** A round of exchange taught nobody anything: the next one will not either. */
  #settled = true

  /** Links the node with all it is configured to dial, and with those that dial it. */
  join(options: PeerOptions): void {
    const configured = options.persistentPeers.map(parsePeer).filter((peer) => peer.id !== options.id)
    for (const { id, address } of configured) if (!this.#addresses.has(id)) this.#addresses.set(id, address)
    if (options.address !== undefined) this.#addresses.set(options.id, options.address)
    const peer: Peer = {
      id: options.id,
      exchanges: options.peerExchange,
      known: new Set(configured.map(({ id }) => id)),
      live: new Set(),
    }
    for (const other of this.#peers.values())
      if (peer.known.has(other.id) || other.known.has(peer.id)) this.#link(peer, other)
    this.#peers.set(peer.id, peer)
    this.#changed()
  }

  leave(id: string): void {
    this.#peers.delete(id)
    for (const other of this.#peers.values()) other.live.delete(id)
    this.#changed()
  }

  /**
   * One round of peer exchange; true when a link was added. Only nodes that take part tell and learn; one that does
   * not can still be dialled.
   */
  exchange(): boolean {
    if (this.#settled) return false
    this.#settled = true
    const lessons: [Peer, string][] = []
    for (const peer of this.#peers.values())
      if (peer.exchanges) for (const id of this.#heardOf(peer)) lessons.push([peer, id])
    let added = false
    for (const [peer, id] of lessons) {
      if (!peer.known.has(id)) this.#settled = false
      peer.known.add(id)
      const other = this.#peers.get(id)
      if (other !== undefined && this.#link(peer, other)) added = true
    }
    if (added) this.#changed()
    return added
  }

  /** Ends the links of these pairs and keeps them from linking; those that are no longer named dial each other again. */
  sever(pairs: readonly (readonly [string, string])[]): void {
    this.#severed = new Set(pairs.map(([a, b]) => pairKey(a, b)))
    const peers = [...this.#peers.values()]
    for (const [index, peer] of peers.entries()) {
      for (const other of peers.slice(index + 1)) {
        if (this.#severed.has(pairKey(peer.id, other.id))) {
          peer.live.delete(other.id)
          other.live.delete(peer.id)
        } else if (peer.known.has(other.id) || other.known.has(peer.id)) link(peer, other)
      }
    }
    this.#changed()
  }

  live(id: string): ReadonlySet<string> {
    return this.#peers.get(id)?.live ?? none
  }

  book(id: string): PeerBook {
    const peer = this.#peers.get(id)
    return {
      known: [...(peer?.known ?? none)].map((known) => ({
        id: known,
        address: this.#addresses.get(known) ?? '127.0.0.1:26656',
      })),
      live: [...(peer?.live ?? none)],
    }
  }

  /** Everyone reachable from `id` over live links, itself included. */
  component(id: string): ReadonlySet<string> {
    const cached = this.#components.get(id)
    if (cached !== undefined) return cached
    const found = new Set([id])
    for (const at of found) for (const next of this.live(at)) found.add(next)
    for (const member of found) this.#components.set(member, found)
    return found
  }

  /** False when the two were linked already, or cannot be. */
  #link(a: Peer, b: Peer): boolean {
    return !this.#severed.has(pairKey(a.id, b.id)) && link(a, b)
  }

  /** Addresses that the peer's own peers know and it has no link to. */
  #heardOf(peer: Peer): Set<string> {
    const heard = new Set<string>()
    for (const tellerId of peer.live) {
      const teller = this.#peers.get(tellerId)
      if (teller?.exchanges !== true) continue
      for (const id of teller.known) if (id !== peer.id && !peer.live.has(id)) heard.add(id)
    }
    return heard
  }

  #changed(): void {
    this.#components = new Map()
    this.#settled = false
  }
}

/** False when the two were linked already. */
function link(a: Peer, b: Peer): boolean {
  if (a.live.has(b.id)) return false
  a.live.add(b.id)
  a.known.add(b.id)
  b.live.add(a.id)
  b.known.add(a.id)
  return true
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`
}

function parsePeer(text: string): { id: string; address: string } {
  const at = text.indexOf('@')
  return at < 0 ? { id: text, address: '' } : { id: text.slice(0, at), address: text.slice(at + 1) }
}
