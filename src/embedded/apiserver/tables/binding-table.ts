import { listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, wide, type TableView } from './table-view.ts'

/** RoleBinding and ClusterRoleBinding. */
export const bindingTable: TableView = {
  columns: [
    nameColumn,
    column('Role', 'Role that is given.'),
    ageColumn,
    wide('Users', 'Users who get it.'),
    wide('Groups', 'Groups that get it.'),
    wide('ServiceAccounts', 'Service accounts that get it.'),
  ],
  row(object, now) {
    const role = recordAt(object, 'roleRef')
    return [
      object.metadata.name,
      `${stringAt(role, 'kind') ?? ''}/${stringAt(role, 'name') ?? ''}`,
      ageSince(object.metadata.creationTimestamp, now),
      subjects(object, 'User'),
      subjects(object, 'Group'),
      subjects(object, 'ServiceAccount'),
    ]
  },
}

function subjects(binding: ApiObject, kind: string): string {
  return listAt(binding, 'subjects')
    .filter((subject) => stringAt(subject, 'kind') === kind)
    .map((subject) => {
      const name = stringAt(subject, 'name') ?? ''
      return kind === 'ServiceAccount' ? `${stringAt(subject, 'namespace') ?? ''}/${name}` : name
    })
    .join(', ')
}
