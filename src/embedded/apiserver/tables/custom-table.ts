import { toJson } from '../json.ts'
import type { PrinterColumn } from '../schema/crd-document.ts'
import { ageSince } from './age.ts'
import { compileJsonPath, type JsonPath } from './json-path.ts'
import { nameColumn, type TableView } from './table-view.ts'

const ageOnly: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  format: '',
  description: 'Time since the object was created.',
  priority: 0,
}

/**
 * The table of a custom resource: its name, then the columns its definition declares; the age alone where it declares
 * none. A value that is missing or not of its column's type is `null`.
 */
export function customTable(columns: readonly PrinterColumn[]): TableView {
  const shown = columns.length === 0 ? [ageOnly] : columns
  const cells = shown.map((column) => cellOf(column.type, compileJsonPath(column.jsonPath)))
  return {
    columns: [
      nameColumn,
      ...shown.map(({ name, type, format, description, priority }) => ({
        name,
        type,
        format,
        description,
        priority,
      })),
    ],
    row: (object, now) => [object.metadata.name, ...cells.map((cell) => cell(object, now))],
  }
}

type Cell = (object: unknown, now: Date) => unknown

function cellOf(type: string, path: JsonPath | undefined): Cell {
  if (path === undefined) return () => null
  return (object, now) => {
    const [value] = path(object)
    return value === undefined || value === null ? null : convert(value, type, now)
  }
}

function convert(value: unknown, type: string, now: Date): unknown {
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : typeof value === 'bigint' ? value : null
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? ageSince(value, now) : '<invalid>'
    default:
      return typeof value === 'string' ? value : toJson(value)
  }
}
