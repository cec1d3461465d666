import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { errorText } from '../../../../errors/error-text.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { createServerTls } from '../../../apiserver/tls.ts'
import { authorize, mutate, validate, type ReviewRequest, type ReviewResponse } from './handlers.ts'

export interface AdmissionServer {
  readonly url: string
  /** PEM of the authority that an API server has to trust. */
  readonly ca: string
  close(): Promise<void>
}

/** Paths, with the kind in lower case at the end of the first two. */
export const paths = {
  mutate: '/mutate-chaos-mesh-org-v1alpha1-',
  validate: '/validate-chaos-mesh-org-v1alpha1-',
  authorize: '/validate-auth',
} as const

/** Chaos Mesh's admission, over HTTPS on loopback: what every write of its objects is put to. */
export async function startAdmissionServer(kube: KubeClient): Promise<AdmissionServer> {
  const tls = createServerTls()
  const server = createServer(
    { key: tls.key, cert: tls.cert, keepAliveTimeout: 90_000 },
    (incoming, answer) => {
      respond(kube, incoming).then(
        ({ code, body }) =>
          answer.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => answer.writeHead(500, { 'content-type': 'text/plain' }).end(errorText(error)),
      )
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    ca: tls.ca,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function respond(
  kube: KubeClient,
  incoming: IncomingMessage,
): Promise<{ readonly code: number; readonly body: unknown }> {
  const path = (incoming.url ?? '').split('?')[0] ?? ''
  const judge = judgeAt(kube, path)
  if (judge === undefined) return { code: 404, body: {} }
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  const { request } = JSON.parse(text) as { request: ReviewRequest }
  const response = await judge(request)
  return { code: 200, body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response } }
}

type Judge = (request: ReviewRequest) => ReviewResponse | Promise<ReviewResponse>

function judgeAt(kube: KubeClient, path: string): Judge | undefined {
  if (path.startsWith(paths.mutate)) return mutate
  if (path === paths.authorize) return (request) => authorize(kube, request)
  return path.startsWith(paths.validate) ? validate : undefined
}
