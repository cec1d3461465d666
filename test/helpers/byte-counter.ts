import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that counts what is sent to it. */
export interface ByteCounter {
  readonly url: string
  sent(): number
  /** Resolves once so many bytes more have gone through. */
  after(bytes: number): Promise<void>
  close(): Promise<void>
}

/** Passes bytes on, unchanged; connections that the server drops or refuses are dropped. */
export async function countBytes(target: string): Promise<ByteCounter> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let sent = 0
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (chunk) => {
      sent += chunk.length
      for (const look of waiting) look()
    })
    client.pipe(upstream).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    after: (bytes) => {
      const mark = sent + bytes
      return new Promise((resolve) => {
        const look = (): void => {
          if (sent < mark) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    },
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
