import type { JsonObject, ServedResource } from '../resource.ts'
import { messageSchema, reference, withHeader } from './builtin-schemas.ts'

/** Name of a kind's own schema among the components of its document. */
export function schemaName({ group, version, kind }: ServedResource): string {
  const reversed = group === '' ? 'core' : group.split('.').toReversed().join('.')
  return `${reversed}.${version}.${kind}`
}

/** The component schemas of one group-version: one for each kind, and whatever these refer to. */
export function componentSchemas(resources: readonly ServedResource[]): JsonObject {
  const schemas: JsonObject = {}
  for (const resource of resources) {
    const own = resource.openAPIV3Schema ?? messageSchema(messageName(resource), schemas)
    schemas[schemaName(resource)] = kindSchema(resource, own, schemas)
  }
  return schemas
}

/** The message tables call a group by its first word. */
function messageName({ group, kind }: ServedResource): string {
  return `${group === '' ? 'core' : group.split('.')[0]}.${kind}`
}

function kindSchema(resource: ServedResource, own: JsonObject, schemas: JsonObject): JsonObject {
  const { group, version, kind } = resource
  const metadata = { ...reference('meta.ObjectMeta', schemas), description: "Standard object's metadata." }
  const { properties, ...rest } = withHeader(own)
  return {
    ...rest,
    type: 'object',
    properties: { ...(properties as JsonObject), metadata },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  }
}
