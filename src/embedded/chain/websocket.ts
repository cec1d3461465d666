import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket, WebSocketServer } from 'ws'

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Hands every client that connects on `path` to `serve`; other paths are cut off. */
export function acceptWebSockets(path: string, serve: (client: WebSocket) => void): Upgrade {
  let server: Promise<WebSocketServer> | undefined
  return (request, socket, head) => {
    const [asked] = (request.url ?? '/').split('?')
    if (asked !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')
      return
    }
    // Most nodes never see a WebSocket, so its server is loaded by the first.
    server ??= import('ws').then(({ WebSocketServer }) => new WebSocketServer({ noServer: true }))
    server.then(
      (ready) => ready.handleUpgrade(request, socket, head, serve),
      () => socket.destroy(),
    )
  }
}

export function textOf(data: RawData): string {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
  return bytes.toString('utf8')
}
