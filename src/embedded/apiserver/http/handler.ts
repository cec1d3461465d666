import type { IncomingMessage, ServerResponse } from 'node:http'

import { holdWhileOpen } from '../../open-requests.ts'
import { serveIssuerDocument } from '../access/issuer-documents.ts'
import type { ServerContext } from '../context.ts'
import { toJson } from '../json.ts'
import { serveReview } from '../reviews.ts'
import { versionInfo } from '../version-info.ts'
import { Documents } from './documents.ts'
import type { RequestMetrics } from './metrics.ts'
import { clientOf, parseRequest, type ApiRequest } from './request.ts'
import { handleResource } from './resource-handler.ts'
import { sendError, sendJsonText, sendText } from './respond.ts'
import { unknownPath } from './refusals.ts'
import { routeResource } from './router.ts'

export type RequestHandler = (raw: IncomingMessage, response: ServerResponse) => void

const health: ReadonlySet<string> = new Set(['healthz', 'livez', 'readyz'])

/** Serves every request of the API: access, documents, reviews and resources, and each refusal's Status. */
export function createHandler(context: ServerContext, metrics: RequestMetrics): RequestHandler {
  const documents = new Documents(context)
  return (raw, response) => {
    holdWhileOpen(context.wall, raw, response)
    const request = parseRequest(raw, response)
    // A client that went away while its answer was written is no fault of anyone's.
    response.on('error', () => undefined)
    // Routing is synchronous and a handler's first step too: requests are taken in the order they arrived.
    serve(request).catch((error: unknown) => sendError(request, error))
  }

  async function serve(request: ApiRequest): Promise<void> {
    context.access.admit(request)
    const [root = ''] = request.segments
    if (root === 'version') return sendJsonText(request, 200, toJson(versionInfo), undefined)
    if (health.has(root)) return sendText(request, 200, 'ok')
    if (root === 'metrics') return sendText(request, 200, metrics.render())
    if (documents.serve(request)) return undefined
    const route = routeResource(context, request)
    if (route !== undefined) {
      const { verb, resource, subresource } = route
      const name = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
      metrics.count({ verb, resource: name, client: clientOf(request) })
      return handleResource(context, request, route)
    }
    if (await serveReview(context, request)) return undefined
    if (serveIssuerDocument(request, context.access.tokens)) return undefined
    if (isBuiltInPath(context, request)) throw unknownPath()
    return sendText(request, 404, '404 page not found\n')
  }
}

/** Below the core API or a built-in group: there even what is missing is answered with a Status. */
function isBuiltInPath(context: ServerContext, { segments }: ApiRequest): boolean {
  const [root, group, version] = segments
  if (root === 'api') return group !== undefined
  if (root !== 'apis' || version === undefined) return false
  return context.registry.all().some((resource) => !resource.custom && resource.group === group)
}
