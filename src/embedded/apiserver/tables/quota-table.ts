import { recordAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, type TableView } from './table-view.ts'

export const quotaTable: TableView = {
  columns: [
    nameColumn,
    column('Request', 'What is used of the requests that are allowed.'),
    column('Limit', 'What is used of the limits that are allowed.'),
    ageColumn,
  ],
  row: (quota, now) => [
    quota.metadata.name,
    shares(quota, (resource) => !isLimit(resource)),
    shares(quota, isLimit),
    ageSince(quota.metadata.creationTimestamp, now),
  ],
}

function isLimit(resource: string): boolean {
  return resource.startsWith('limits.')
}

/** `pods: 1/10`, by resource. */
function shares(quota: ApiObject, isShown: (resource: string) => boolean): string {
  const { hard, used } = recordAt(quota, 'status')
  const bounds = recordAt({ hard }, 'hard')
  return Object.keys(bounds)
    .filter(isShown)
    .toSorted()
    .map((name) => `${name}: ${String(recordAt({ used }, 'used')[name] ?? 0)}/${String(bounds[name])}`)
    .join(', ')
}
