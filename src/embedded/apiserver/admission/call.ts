import { X509Certificate } from 'node:crypto'
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'

import { annotations } from '../../../contract/labels.ts'
import type { ServerContext } from '../context.ts'
import { toJson } from '../json.ts'
import { keyFor } from '../object.ts'
import type { Client, Hook } from './hooks.ts'
import { CallError } from './review.ts'
import { serverErrorText, transportErrorText } from './call-errors.ts'

/** Sends reviews to webhooks, over connections that are kept open between calls. */
export class Caller {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #context: Pick<ServerContext, 'store'>

  constructor(context: Pick<ServerContext, 'store'>) {
    this.#context = context
  }

  /** The answer to a review, as JSON. Throws CallError with the words of a real server. */
  async call(hook: Hook, body: Record<string, unknown>): Promise<unknown> {
    const { client, timeoutSeconds } = hook
    checkAuthority(client.ca)
    const shown = `${urlOf(client)}?timeout=${timeoutSeconds}s`
    const payload = toJson(body)
    try {
      const answer = await this.#send(client, shown, payload, timeoutSeconds * 1000)
      return decode(answer)
    } catch (error) {
      if (error instanceof CallError) throw error
      throw new CallError(`failed to call webhook: Post "${shown}": ${transportErrorText(error)}`)
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #send(client: Client, url: string, payload: string, timeoutMs: number): Promise<Answer> {
    const signal = AbortSignal.timeout(timeoutMs)
    const options = {
      agent: this.#agent,
      method: 'POST',
      signal,
      ...this.#place(client, url),
      ...(client.ca === '' ? {} : { ca: client.ca }),
      headers: {
        accept: 'application/json, */*',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(payload)),
        'user-agent': 'kube-apiserver-admission',
      },
    }
    try {
      return await sendOnce(options, payload)
    } catch (error) {
      // Its other end had closed a connection that was kept.
      if (!(error instanceof Stale)) throw error
      return sendOnce(options, payload)
    }
  }

  /** Where a client is reached. A service is reached where the kubelet says that it answers, under its own name. */
  #place(client: Client, url: string): RequestOptions {
    const { hostname, port, pathname, search } = new URL(url)
    const path = `${pathname}${search}`
    const { service } = client
    if (service === undefined) return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port || 443, path }
    const found = this.#context.store.collection('services').get(keyFor(service.namespace, service.name))
    if (found === undefined)
      throw new CallError(`failed to call webhook: Post "${url}": service "${service.name}" not found`)
    const doors = JSON.parse(found.metadata.annotations?.[annotations.loopback] ?? '{}') as Record<
      string,
      string
    >
    const door = doors[String(service.port)]
    if (door === undefined) {
      const why = `no endpoints available for service "${service.name}"`
      throw new CallError(`failed to call webhook: Post "${url}": ${why}`)
    }
    const [host = '', doorPort = ''] = door.split(':')
    return { host, port: doorPort, path, servername: hostname }
  }
}

interface Answer {
  readonly code: number
  readonly type: string
  readonly text: string
}

class Stale extends Error {}

function urlOf({ url, service }: Client): string {
  if (service === undefined) return url ?? ''
  const { namespace, name, port, path } = service
  return `https://${name}.${namespace}.svc:${port}${path === '' || path.startsWith('/') ? path : `/${path}`}`
}

function checkAuthority(ca: string): void {
  if (ca === '') return
  try {
    void new X509Certificate(ca)
  } catch {
    const why = 'unable to load root certificates: unable to parse bytes as PEM block'
    throw new CallError(`could not get REST client: ${why}`)
  }
}

function sendOnce(options: RequestOptions, payload: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(options, (answer) => {
      read(answer).then(resolve, reject)
    })
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      reject(outgoing.reusedSocket && error.code === 'ECONNRESET' ? new Stale() : error)
    })
    outgoing.end(payload)
  })
}

async function read(answer: IncomingMessage): Promise<Answer> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return { code: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }
}

function decode({ code, type, text }: Answer): unknown {
  const failed = (why: string): CallError => new CallError(`failed to call webhook: ${why}`)
  if (code < 200 || code > 206) throw failed(serverErrorText(code, type, text))
  if (text === '') throw failed(`0-length response with status code: ${code} and content type: ${type}`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw failed(`couldn't get version/kind; json parse error: ${parseErrorText(text)}`)
  }
}

/** As Go's decoder says it of the first thing that is wrong, which is nearly always the first character. */
function parseErrorText(text: string): string {
  const [first = ''] = text.trimStart()
  return `invalid character '${first}' looking for beginning of value`
}
