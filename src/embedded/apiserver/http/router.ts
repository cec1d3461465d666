import type { ServerContext } from '../context.ts'
import type { Resource } from '../resource-type.ts'
import { refusedMethod } from './refusals.ts'
import { isTrue, type ApiRequest } from './request.ts'

/** A request for a resource: which one, where, and what is wanted of it. */
export interface ResourceRoute {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
  /** What a collection or object path and the method make together; as metrics name it. */
  readonly verb: Verb
}

export type Verb =
  | 'GET'
  | 'LIST'
  | 'WATCH'
  | 'POST'
  | 'PUT'
  | 'PATCH'
  | 'APPLY'
  | 'DELETE'
  | 'DELETECOLLECTION'
  | 'NONE'

/** The resource a path speaks of, or `undefined` if it speaks of none that is served. */
export function routeResource(context: ServerContext, request: ApiRequest): ResourceRoute | undefined {
  const [root, ...rest] = request.segments
  if (root === 'api') return routeIn(context, request, rest[0] ?? '', rest.slice(1))
  if (root !== 'apis') return undefined
  return routeIn(context, request, `${rest[0] ?? ''}/${rest[1] ?? ''}`, rest.slice(2))
}

function routeIn(
  context: ServerContext,
  request: ApiRequest,
  apiVersion: string,
  path: readonly string[],
): ResourceRoute | undefined {
  const scoped = path[0] === 'namespaces' && path.length >= 3 ? path[1] : undefined
  const inner = scoped === undefined ? undefined : context.registry.find(apiVersion, path[2] ?? '')
  // `/namespaces/x/status` is a subresource of the Namespace, not a collection in it.
  if (inner !== undefined && path.length <= 5) {
    if (!inner.namespaced) return undefined
    return routed(request, inner, scoped, path.slice(3))
  }
  const resource = context.registry.find(apiVersion, path[0] ?? '')
  if (resource === undefined || path.length > 3) return undefined
  // Neither a resource in the namespace nor a subresource of it.
  if (scoped !== undefined && !resource.subresources.includes(path[2] ?? '')) return undefined
  return routed(request, resource, undefined, path.slice(1))
}

function routed(
  request: ApiRequest,
  resource: Resource,
  namespace: string | undefined,
  path: readonly string[],
): ResourceRoute | undefined {
  const [name, subresource] = path
  const verb = verbOf(request, name !== undefined)
  // Without a namespace a namespaced kind can be listed and watched, and no more.
  if (resource.namespaced && namespace === undefined) {
    if (name !== undefined || (resource.custom && !isRead(verb))) return undefined
    if (!isRead(verb)) throw refusedMethod(resource, request.method)
  }
  return { resource, namespace, name, subresource, verb }
}

function isRead(verb: Verb): boolean {
  return verb === 'LIST' || verb === 'WATCH'
}

function verbOf(request: ApiRequest, named: boolean): Verb {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (named) return 'GET'
      return isTrue(request, 'watch') ? 'WATCH' : 'LIST'
    case 'POST':
      return 'POST'
    case 'PUT':
      return named ? 'PUT' : 'NONE'
    case 'PATCH':
      if (!named) return 'NONE'
      return request.raw.headers['content-type']?.startsWith('application/apply-patch') === true
        ? 'APPLY'
        : 'PATCH'
    case 'DELETE':
      return named ? 'DELETE' : 'DELETECOLLECTION'
    default:
      return 'NONE'
  }
}
