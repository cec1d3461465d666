import type { Strategy } from './kinds/strategy.ts'
import type { MergeSchema } from './managed-fields/merge-schema.ts'
import type { ApiObject } from './object.ts'
import type { ServedResource } from './resource.ts'
import type { Collection } from './store.ts'
import type { TableView } from './tables/table-view.ts'

/** One column of a Table answer. */
export interface TableColumn {
  name: string
  type: string
  format: string
  description: string
  priority: number
}

/** A served resource with everything the handlers need of it. */
export interface Resource extends ServedResource {
  readonly apiVersion: string
  readonly collection: Collection
  readonly strategy: Strategy
  readonly mergeSchema: MergeSchema
  /** Served from a CustomResourceDefinition. */
  readonly custom: boolean
  /** Said in a warning with every answer. */
  readonly deprecation?: string | undefined
  /** Its definition is being deleted: nothing may be created. */
  readonly terminating?: boolean | undefined
  readonly scale?: ScalePaths | undefined
  readonly table: TableView
  /** The object in this version's form; absent where the stored form is that. */
  fromStored?(object: ApiObject): ApiObject
  toStored?(object: ApiObject): ApiObject
}

/** What reading a body must know of its type, which may be none that is stored: a review, or a TokenRequest. */
export type BodyType = Pick<
  Resource,
  'group' | 'version' | 'apiVersion' | 'kind' | 'plural' | 'namespaced' | 'custom'
>

/** Dotted paths of a kind's `scale` subresource, as a CRD gives them. */
export interface ScalePaths {
  readonly specReplicas: string
  readonly statusReplicas: string
  readonly labelSelector?: string | undefined
}

/** `object` as `resource` shows it. */
export function viewOf(resource: Resource, object: ApiObject): ApiObject {
  return resource.fromStored === undefined ? object : resource.fromStored(object)
}
