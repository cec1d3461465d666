import type { ApiObject } from '../object.ts'
import type { TableColumn } from '../resource-type.ts'

/** How one kind is shown in a Table: its columns, and the cells of one object. */
export interface TableView {
  readonly columns: readonly TableColumn[]
  row(object: ApiObject, now: Date): unknown[]
}

/** A column of every table; `wide` ones only show with `-o wide`. */
export function column(name: string, description: string, type = 'string'): TableColumn {
  return { name, type, format: '', description, priority: 0 }
}

export function wide(name: string, description: string, type = 'string'): TableColumn {
  return { ...column(name, description, type), priority: 1 }
}

export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name is unique within a namespace.',
  priority: 0,
}

export const ageColumn: TableColumn = column('Age', 'Time since the object was created.')

/** Stands for an absent value, as kubectl's tables print it. */
export const none = '<none>'

/** `a=1,b=2`, sorted by key; `<none>` when empty. */
export function formatLabels(labels: Readonly<Record<string, unknown>>): string {
  const pairs = Object.keys(labels)
    .toSorted()
    .map((key) => `${key}=${String(labels[key])}`)
  return pairs.length === 0 ? none : pairs.join(',')
}
