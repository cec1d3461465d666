import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, sendJson, serverTime } from '../http.ts'
import type { SeidNode } from '../seid-node.ts'
import { accountRoutes } from './accounts.ts'
import { blockRoutes } from './blocks.ts'
import { RestError } from './errors.ts'
import { governanceRoutes } from './governance.ts'
import { jsonpb } from './jsonpb.ts'
import { nodeRoutes } from './node-info.ts'
import type { RestRoute } from './route.ts'
import { txRoutes } from './txs.ts'
import { errorText } from '../../../errors/error-text.ts'

const maxBodyBytes = 1_000_000

interface Compiled {
  readonly route: RestRoute
  readonly pattern: RegExp
}

/** Paths without variable parts come first, so that `latest` is not read as a height. */
const compiled: readonly Compiled[] = [
  ...nodeRoutes,
  ...blockRoutes,
  ...accountRoutes,
  ...governanceRoutes,
  ...txRoutes,
]
  .map((route) => ({ route, pattern: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`) }))
  .sort((a, b) => Number(a.route.path.includes('{')) - Number(b.route.path.includes('{')))

/** The Cosmos REST gateway of one node. */
export function restHandler(
  node: SeidNode,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const message = await answer(node, request)
      const headers = { ...serverTime(node), 'grpc-metadata-x-cosmos-block-height': String(node.view.height) }
      sendJson(response, 200, jsonpb(message), headers)
    } catch (error) {
      const failed = error instanceof RestError ? error : new RestError(13, errorText(error))
      sendJson(response, failed.status, jsonpb(failed.toBody()), serverTime(node))
    }
  }
}

async function answer(node: SeidNode, request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node')
  for (const { route, pattern } of compiled) {
    const match = route.method === request.method ? pattern.exec(pathname) : null
    if (match === null) continue
    const body = route.method === 'POST' ? await readBody(request, maxBodyBytes) : ''
    if (body === undefined) throw new RestError(3, 'http: request body too large')
    const parts = match.slice(1).map(decodeURIComponent)
    return route.run({ node, parts, query: searchParams, body })
  }
  throw new RestError(12, 'Not Implemented')
}
