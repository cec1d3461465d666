import type { ObjectMeta } from '../../../contract/objects.ts'
import type { ApiObject } from '../object.ts'
import type { TableColumn } from '../resource-type.ts'
import { badRequest } from '../status-error.ts'
import type { TableView } from './table-view.ts'

/** What a row carries of its object beside the cells. */
export type IncludeObject = 'Metadata' | 'Object' | 'None'

export interface PartialObjectMetadata {
  readonly kind: 'PartialObjectMetadata'
  readonly apiVersion: string
  readonly metadata: ObjectMeta
}

export interface TableRow {
  readonly cells: readonly unknown[]
  readonly object: PartialObjectMetadata | ApiObject | null
}

/** A meta.k8s.io Table as it goes over the wire. */
export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: string
  readonly metadata: Readonly<Record<string, unknown>>
  /** Null on every Table of a watch but the first. */
  readonly columnDefinitions: readonly TableColumn[] | null
  readonly rows: readonly TableRow[]
}

export interface TableOptions {
  readonly includeObject: IncludeObject
  readonly now: Date
  /** `meta.k8s.io/v1` or `meta.k8s.io/v1beta1`. */
  readonly apiVersion: string
  /** Of the list, or of the one object; goes to the Table's metadata. */
  readonly metadata: Readonly<Record<string, unknown>>
  /** False for the second and later Tables of a watch. @default true */
  readonly withColumns?: boolean
}

/**
 * Reads the `includeObject` query parameter.
 * @throws StatusError 400 for any other value
 */
export function parseIncludeObject(value: string | null | undefined): IncludeObject {
  if (value === null || value === undefined || value === '') return 'Metadata'
  if (value === 'Metadata' || value === 'Object' || value === 'None') return value
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  )
}

/** A Table of `objects`: one row for a single object or a watch event, one each for a list. */
export function renderTable(view: TableView, objects: readonly ApiObject[], options: TableOptions): Table {
  return {
    kind: 'Table',
    apiVersion: options.apiVersion,
    metadata: options.metadata,
    columnDefinitions: options.withColumns === false ? null : view.columns,
    rows: objects.map((object) => ({
      cells: view.row(object, options.now),
      object: rowObject(object, options),
    })),
  }
}

function rowObject(object: ApiObject, options: TableOptions): TableRow['object'] {
  if (options.includeObject === 'None') return null
  return options.includeObject === 'Object' ? object : toPartial(object, options.apiVersion)
}

/** An object without anything but its metadata, for clients that ask for no more. */
export function toPartial(object: ApiObject, apiVersion = 'meta.k8s.io/v1'): PartialObjectMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata }
}
