import { connect, createServer, type Server, type Socket } from 'node:net'
import { listenAs, type PortBook } from './ports.ts'

/** Gives the loopback port of one pod, as it is at the time of a connection. */
export type Backend = () => Promise<number>

/** A TCP proxy over the Ready pods of a Service: round robin, refusing connections while there are none. */
export interface Proxy {
  setBackends(backends: readonly Backend[]): void
  close(): void
}

export function createProxy(ports: PortBook, owner: string, port: number): Proxy {
  const sockets = new Set<Socket>()
  let backends: readonly Backend[] = []
  let server: Server | undefined
  let next = 0

  const accept = (client: Socket): void => {
    track(sockets, client)
    const backend = backends[next % Math.max(backends.length, 1)]
    next += 1
    if (backend === undefined) {
      client.destroy()
      return
    }
    backend().then(
      (target) => pipe(sockets, client, target),
      () => client.destroy(),
    )
  }

  return {
    setBackends(now) {
      backends = now
      if (now.length > 0 && server === undefined) {
        server = createServer({ noDelay: true }, accept)
        // The port was free when it was chosen; one that was taken since is replaced, which rewrites the annotation.
        listenAs(server, ports, owner, port).catch(() => {
          server = undefined
        })
      } else if (now.length === 0) {
        // Without a listener a connection is refused, as by a Service without endpoints; open ones go on.
        server?.close()
        server = undefined
      }
    },
    close() {
      server?.close()
      server = undefined
      for (const socket of sockets) socket.destroy()
    },
  }
}

function pipe(sockets: Set<Socket>, client: Socket, port: number): void {
  const upstream = connect({ host: '127.0.0.1', port, noDelay: true })
  track(sockets, upstream)
  client.pipe(upstream)
  upstream.pipe(client)
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.destroy())
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => socket.destroy())
}
