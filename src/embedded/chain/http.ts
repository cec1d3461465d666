import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../clock.ts'
import { http } from '../node-http.ts'
import { holdWhileOpen } from '../open-requests.ts'
import type { Wall } from '../wall.ts'
import { errorText } from '../../errors/error-text.ts'

/** One TCP listener of a node. */
export interface Listener {
  /** Stops accepting, ends every connection; resolves once the port is free. */
  close(): Promise<void>
}

export interface ListenerOptions {
  readonly host: string
  readonly port: number
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>
  readonly wall: Wall
  readonly onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** Resolves when the port accepts connections; rejects with Node's error (`EADDRINUSE`) when it cannot be bound. */
export function openListener(options: ListenerOptions): Promise<Listener> {
  const server = http.createServer((request, response) => {
    holdWhileOpen(options.wall, request, response)
    void answer(options, request, response)
  })
  const { onUpgrade } = options
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade)
  const sockets = new Set<Duplex>()
  // Upgraded sockets are no longer the HTTP server's: closeAllConnections() would leave them open.
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port, exclusive: true }, () => {
      server.off('error', reject)
      resolve({ close: () => close(server, sockets) })
    })
  })
}

async function answer(
  { onRequest }: ListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await onRequest(request, response)
  } catch (error) {
    // A handler panic of the real server is HTTP 500 with a text.
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(errorText(error))
  }
}

function close(server: Server, sockets: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}

/** The body as text; `undefined` once it is larger than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  })
  response.end(json)
}

/** Unix seconds, on every answer of RPC and REST. */
export function serverTime({ clock }: { readonly clock: Clock }): Readonly<Record<string, string>> {
  return { 'x-server-time': String(Math.floor(clock.now().getTime() / 1_000)) }
}
