import { createServer, type Server } from 'node:net'
import { createPortLots, tryListen } from './port-lots.ts'

/**
 * Loopback ports of Services. An owner is `<namespace>/<service>`; its ports are chosen when first asked for and stay
 * until the last holder lets go, so that a pod's successor listens where its predecessor did.
 */
export interface PortBook {
  hold(owner: string): void
  release(owner: string): void
  /** The loopback port that stands for `port` of `owner`. */
  of(owner: string, port: number): Promise<number>
  /** Gives up a port that another process took in the meantime, for a new one. Tells the listeners. */
  replace(owner: string, port: number): Promise<number>
  onReplaced(listener: (owner: string) => void): () => void
}

interface Owner {
  holders: number
  readonly ports: Map<number, Promise<number>>
}

/** `seed` decides which ports a cluster tries first. */
export function createPortBook(seed: string): PortBook {
  const owners = new Map<string, Owner>()
  const taken = new Set<number>()
  const listeners = new Set<(owner: string) => void>()
  const lots = createPortLots(seed)

  const ownerOf = (name: string): Owner => {
    let owner = owners.get(name)
    if (owner === undefined) owners.set(name, (owner = { holders: 0, ports: new Map() }))
    return owner
  }

  const choose = async (): Promise<number> => {
    for (;;) {
      const candidate = await lots.next(taken.size)
      if (taken.has(candidate)) continue
      taken.add(candidate)
      if (await isFree(candidate)) return candidate
      taken.delete(candidate)
    }
  }

  return {
    hold: (name) => {
      ownerOf(name).holders += 1
    },
    release(name) {
      const owner = ownerOf(name)
      owner.holders -= 1
      if (owner.holders > 0) return
      owners.delete(name)
      for (const port of owner.ports.values()) void port.then((port) => taken.delete(port))
    },
    of(name, port) {
      const { ports } = ownerOf(name)
      let chosen = ports.get(port)
      if (chosen === undefined) ports.set(port, (chosen = choose()))
      return chosen
    },
    async replace(name, port) {
      const chosen = choose()
      ownerOf(name).ports.set(port, chosen)
      const result = await chosen
      for (const listener of listeners) listener(name)
      return result
    },
    onReplaced(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Listens on the loopback port that stands for `port` of `owner`, moving to another one while it is taken.
 * Resolves to the port it got.
 */
export async function listenAs(server: Server, book: PortBook, owner: string, port: number): Promise<number> {
  let candidate = await book.of(owner, port)
  while (!(await tryListen(server, candidate))) candidate = await book.replace(owner, port)
  return candidate
}

/** The loopback port that stands for `port` of `owner`, checked to be free right now. */
export async function freePortFor(book: PortBook, owner: string, port: number): Promise<number> {
  let candidate = await book.of(owner, port)
  while (!(await isFree(candidate))) candidate = await book.replace(owner, port)
  return candidate
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  if (!(await tryListen(server, port))) return false
  await new Promise((resolve) => server.close(resolve))
  return true
}
