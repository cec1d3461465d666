import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { ClockState, PassRequest, WaitRequest } from '../contract/clock-door.ts'
import { http } from './node-http.ts'
import type { Clock } from './clock.ts'
import type { VirtualWall } from './wall.ts'
import { errorText } from '../errors/error-text.ts'

/** Real ms for which time does not leap because a waiter has not come back; a process in a debugger is not waited for. */
const absentMs = 10_000

/** Simulated ms that are leapt over, at least, before every process is asked again. */
const leastGrantMs = 10_000

interface Waiter {
  /** Answers the request that is open; left out while the waiter has its look. */
  answer: (() => void) | undefined
  /** Ends what the waiter's absence holds up. */
  release: () => void
  /** Of its last request. */
  socket: Socket
  /** What had been leapt over when that came. */
  leaptMs: number
}

/** Opens the door of a clock that runs on a virtual wall; `contract/clock-door.ts` has what goes through it. */
export async function openClockDoor(
  clock: Clock,
  wall: VirtualWall,
  blockMs: number,
): Promise<{ readonly url: string; close(): void }> {
  // Whoever knows the address may come in: it is told to those only who may read the cluster's namespaces.
  const path = `/${randomBytes(18).toString('base64url')}/clock`
  const door = new Door(clock, wall, blockMs)
  const server = http.createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end()
      return
    }
    door.serve(request, response).catch((error: unknown) => {
      const message = errorText(error)
      if (!response.headersSent) reply(response, 400, { error: message })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

class Door {
  readonly #clock: Clock
  readonly #wall: VirtualWall
  readonly #waiters = new Map<string, Waiter>()
  readonly #sockets = new WeakSet<Socket>()
  readonly #grantMs: number
  #told = 0
  #telling = false

  constructor(clock: Clock, wall: VirtualWall, blockMs: number) {
    this.#grantMs = Math.max(blockMs, leastGrantMs / clock.rate)
    this.#clock = clock
    this.#wall = wall
    wall.onTold(() => this.#tell())
    wall.onLeap(() => this.#leapt())
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return reply(response, 200, this.#state())
    if (request.method !== 'POST') return reply(response, 405, { error: 'GET or POST' })
    const body = await bodyOf(request)
    if ('passMs' in body) return this.#pass({ passMs: ms(body, 'passMs') ?? 0 }, response)
    this.#listenTo(request.socket)
    return this.#wait(
      request.socket,
      {
        waiter: text(body, 'waiter'),
        leaptMs: ms(body, 'leaptMs'),
        told: ms(body, 'told'),
        demandMs: ms(body, 'demandMs'),
        passiveMs: ms(body, 'passiveMs'),
      },
      response,
    )
  }

  #state(): ClockState {
    const { leaptMs } = this.#wall
    return { nowMs: this.#clock.now().getTime(), leaptMs, rate: this.#clock.rate, told: this.#told }
  }

  async #pass({ passMs }: PassRequest, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      await this.#wall.pass(passMs, gone.signal)
    } catch {
      return
    }
    reply(response, 200, this.#state())
  }

  /** With its last connection a process is gone: nobody waits for its look any more. */
  #listenTo(socket: Socket): void {
    if (this.#sockets.has(socket)) return
    this.#sockets.add(socket)
    socket.once('close', () => {
      for (const [id, waiter] of this.#waiters) if (waiter.socket === socket) this.#forget(id)
    })
  }

  #wait(socket: Socket, request: WaitRequest, response: ServerResponse): void {
    const earlier = this.#waiters.get(request.waiter)
    const waiter: Waiter = earlier ?? { answer: undefined, release: () => undefined, socket, leaptMs: 0 }
    waiter.socket = socket
    waiter.leaptMs = this.#wall.leaptMs
    this.#waiters.set(request.waiter, waiter)
    waiter.answer?.()
    const ahead = this.#wall.leaptMs - (request.leaptMs ?? this.#wall.leaptMs)
    const stop = new AbortController()
    const answer = (): void => {
      if (stop.signal.aborted) return
      stop.abort()
      waiter.answer = undefined
      this.#holdFor(waiter)
      reply(response, 200, this.#state())
    }
    waiter.answer = answer
    const { demandMs, passiveMs } = request
    if (demandMs !== undefined)
      this.#wall.pass(Math.max(0, demandMs - ahead), stop.signal).then(answer, () => undefined)
    if (passiveMs !== undefined) {
      const cancel = this.#wall.after(Math.max(0, passiveMs - ahead), answer)
      stop.signal.addEventListener('abort', cancel)
    }
    response.once('close', () => {
      if (response.writableFinished || waiter.answer !== answer) return
      // The process is gone, or thought better of it.
      this.#forget(request.waiter)
      stop.abort()
    })
    // Only now, so that there is never a moment in which neither its absence nor its waits count.
    waiter.release()
    waiter.release = () => undefined
    if (request.told !== this.#told) answer()
  }

  #holdFor(waiter: Waiter): void {
    waiter.release()
    const letGo = this.#wall.hold()
    const limit = setTimeout(letGo, absentMs)
    limit.unref()
    waiter.release = () => {
      clearTimeout(limit)
      letGo()
    }
  }

  #forget(id: string): void {
    const waiter = this.#waiters.get(id)
    this.#waiters.delete(id)
    waiter?.release()
    waiter?.answer?.()
    waiter?.release()
  }

  /** What a process does by itself meanwhile must not cost it more time than by a real clock: it is asked ever again. */
  #leapt(): void {
    const { leaptMs } = this.#wall
    for (const waiter of this.#waiters.values())
      if (leaptMs - waiter.leaptMs >= this.#grantMs) waiter.answer?.()
  }

  /** Once for all that goes out in one turn, and held until then. */
  #tell(): void {
    this.#told += 1
    if (this.#telling) return
    this.#telling = true
    const release = this.#wall.hold()
    setImmediate(() => {
      this.#telling = false
      for (const waiter of this.#waiters.values()) waiter.answer?.()
      release()
    })
  }
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let read = ''
  request.setEncoding('utf8')
  for await (const chunk of request) read += String(chunk)
  const body: unknown = JSON.parse(read)
  if (typeof body !== 'object' || body === null) throw new Error('a JSON object is expected')
  return body as Readonly<Record<string, unknown>>
}

function ms(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw new Error(`${name} must be a number of ms`)
}

function text(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name} must be a string`)
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
