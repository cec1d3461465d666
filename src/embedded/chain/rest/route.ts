import type { SeidNode } from '../seid-node.ts'

export interface RestRequest {
  readonly node: SeidNode
  /** Values of the path's `{…}` parts, in order. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
}

/** One REST route; `run` answers with the message, or throws a RestError. */
export interface RestRoute {
  readonly method: 'GET' | 'POST'
  /** With `{name}` for a part that varies. */
  readonly path: string
  run(request: RestRequest): unknown
}
