import type { ServerContext } from '../context.ts'
import { keyFor, type ApiObject } from '../object.ts'
import type { Resource } from '../resource-type.ts'
import { badRequest, forbidden, notFound } from '../status-error.ts'

const namespaces = { group: '', plural: 'namespaces' } as const

/** Refuses to create in a namespace that is missing (404) or going (403). */
export function requireOpenNamespace(context: ServerContext, resource: Resource, object: ApiObject): void {
  if (!resource.namespaced) return
  const { namespace } = object.metadata
  if (namespace === undefined) throw badRequest('an empty namespace may not be set during creation')
  const found = context.store.collection('namespaces').get(keyFor(undefined, namespace))
  if (found === undefined) throw notFound(namespaces, namespace)
  if (found.metadata.deletionTimestamp === undefined) return
  const message = `namespace ${namespace} is being terminated`
  throw forbidden(
    resource,
    object.metadata.name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }],
  )
}
