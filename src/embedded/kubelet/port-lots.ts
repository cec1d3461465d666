import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'

/** Below the range from which Linux and macOS give out ephemeral ports, so that no client socket sits on one. */
const firstPort = 15_000
const portCount = 17_000
/** Ports of one lot, its guard included. */
const lotSize = 200
const lots = portCount / lotSize

/**
 * Ports of this cluster's own. They come in lots; on the first port of each a guard listens for as long as the process lives, so
 * that two clusters of one machine never choose the same port, however long either takes until it listens there.
 */
export interface PortLots {
  /** The port that was given out longest ago. Another lot is taken only where over half of the ports are `inUse`. */
  next(inUse: number): Promise<number>
}

/** `seed` decides which lots are tried first. Throws when none is left. */
export function createPortLots(seed: string): PortLots {
  const first = createHash('sha256').update(seed).digest().readUInt32BE(0) % lots
  const ports: number[] = []
  let tried = 0
  let at = 0
  let acquiring: Promise<void> | undefined

  async function acquire(): Promise<void> {
    for (; tried < lots; tried += 1) {
      const base = firstPort + ((first + tried) % lots) * lotSize
      const guard = createServer((socket) => socket.destroy())
      if (!(await tryListen(guard, base))) continue
      guard.unref()
      tried += 1
      for (let port = base + 1; port < base + lotSize; port += 1) ports.push(port)
      return
    }
    throw new Error(`no free ports between ${firstPort} and ${firstPort + portCount}`)
  }

  return {
    next: async (inUse) => {
      while (at >= ports.length) {
        if (ports.length > 0 && inUse < ports.length / 2) at = 0
        else await (acquiring ??= acquire().finally(() => (acquiring = undefined)))
      }
      const port = ports[at] ?? 0
      at += 1
      return port
    },
  }
}

/** False when the address is in use; any other failure to listen is thrown. */
export function tryListen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening)
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    const onListening = (): void => {
      server.off('error', onError)
      resolve(true)
    }
    server.once('error', onError)
    server.once('listening', onListening)
    server.listen(port, '127.0.0.1')
  })
}
