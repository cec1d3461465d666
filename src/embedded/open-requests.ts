import type { IncomingMessage, ServerResponse } from 'node:http'
import { realWall, type Wall } from './wall.ts'

/** Begins the user agent of every request that parts of the cluster send each other. */
export const ownAgent = 'sei-embedded'

/** Requests that stay open for what comes later; they hold nothing up. */
const stream = /[?&](watch|follow)=(1|true)(&|$)/

/**
 * Holds the wall until the request is answered, and tells of what an outsider was sent: the answer, or each part of a stream.
 * What the cluster's own parts ask is held by them, from before it is sent.
 */
export function holdWhileOpen(wall: Wall, request: IncomingMessage, response: ServerResponse): void {
  if (wall === realWall || request.headers['user-agent']?.startsWith(ownAgent) === true) return
  if (stream.test(request.url ?? '')) {
    tellOfWrites(wall, response)
    return
  }
  const release = wall.hold()
  response.once('close', () => {
    release()
    wall.told()
  })
}

function tellOfWrites(wall: Wall, response: ServerResponse): void {
  const write = response.write.bind(response) as (...args: unknown[]) => boolean
  response.write = (...args: unknown[]) => {
    wall.told()
    return write(...args)
  }
  response.once('close', () => wall.told())
}
