import type { User } from '../access/user.ts'
import type { JsonObject } from '../resource.ts'
import type { Resource } from '../resource-type.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE'

/** One write as admission sees it. */
export interface Attributes {
  readonly operation: Operation
  readonly resource: Resource
  /** Empty for the object itself. */
  readonly subresource: string
  /** Of what the body holds, where that is not the resource's own kind. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string } | undefined
  /** Empty for cluster-scoped objects; a namespace is in itself. */
  readonly namespace: string
  /** Empty where the server makes it, and for a collection. */
  readonly name: string
  readonly user: User
  readonly dryRun: boolean
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions. */
  readonly options: JsonObject
  /** Texts for `Warning` headers. */
  readonly warnings: Set<string>
}

/** The namespace of an object as admission has it: a namespace's own is its name. */
export function namespaceFor(resource: Resource, namespace: string | undefined, name: string): string {
  return resource.group === '' && resource.plural === 'namespaces' ? name : (namespace ?? '')
}
