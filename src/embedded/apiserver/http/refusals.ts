import type { BodyType, Resource } from '../resource-type.ts'
import { badRequest, methodNotAllowed, notFound, StatusError } from '../status-error.ts'

const actions: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', GET: 'get' }

/** A path that the API does not have, below a group and version that it has. */
export function unknownPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

/** A subresource that the resource does not have. */
export function unknownSubresource(resource: Resource, name: string): StatusError {
  return resource.custom ? notFound(resource, name) : unknownPath()
}

/** A method that the path does not take. */
export function refusedMethod(resource: BodyType, method: string): StatusError {
  if (resource.custom) return methodNotAllowed(resource, actions[method] ?? method.toLowerCase())
  const message = 'the server does not allow this method on the requested resource'
  return new StatusError(405, 'MethodNotAllowed', message, {})
}

/** A method that needs a name, on a collection. */
export function namelessMethod(resource: Resource, method: string): StatusError {
  return resource.custom ? badRequest('name must be provided') : refusedMethod(resource, method)
}
