import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { createServerTls } from '../../src/embedded/apiserver/tls.ts'

export interface ReviewRequest {
  readonly uid: string
  readonly operation: string
  readonly name?: string
  readonly namespace?: string
  readonly object: Record<string, unknown> | null
  readonly oldObject: Record<string, unknown> | null
  readonly [field: string]: unknown
}

/** What a webhook says: fields of the response, or a whole answer of another kind. */
export type Say = (request: ReviewRequest) => Saying | Promise<Saying>

export interface Saying {
  readonly response?: object
  /** Sent in place of a review. */
  readonly raw?: { readonly code: number; readonly type?: string; readonly text: string }
  /** Changes the review around the response. */
  readonly review?: Readonly<Record<string, unknown>>
}

export interface SeenReview {
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
  readonly request: ReviewRequest
}

export interface WebhookServer {
  readonly url: string
  /** Base64, as a webhook configuration has it. */
  readonly caBundle: string
  /** Every review that came, oldest first. */
  readonly seen: readonly SeenReview[]
  /** What the webhook at a path says from now on. Without it everything is allowed. */
  answer(path: string, say: Say): void
  close(): Promise<void>
}

const allowEverything: Say = () => ({})

/** An HTTPS server on loopback that answers AdmissionReviews. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const tls = createServerTls()
  const seen: SeenReview[] = []
  const says = new Map<string, Say>()
  const server = createServer(tls, (incoming, response) => {
    void (async () => {
      let text = ''
      for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) text += chunk
      const body = JSON.parse(text) as { request: ReviewRequest }
      const path = incoming.url ?? ''
      const { request } = body
      seen.push({ path, headers: incoming.headers, body, request })
      const said: Saying = await (says.get(path.split('?')[0] ?? '') ?? allowEverything)(request)
      if (said.raw !== undefined) {
        const { code, type = 'text/plain', text: raw } = said.raw
        response.writeHead(code, { 'content-type': type }).end(raw)
        return
      }
      const review = {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: request.uid, allowed: true, ...said.response },
        ...said.review,
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(review))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    caBundle: Buffer.from(tls.ca).toString('base64'),
    seen,
    answer: (path, say) => void says.set(path, say),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
