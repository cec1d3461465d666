import { isRecord, listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, none, wide, type TableView } from './table-view.ts'

function age(object: ApiObject, now: Date): string {
  return ageSince(object.metadata.creationTimestamp, now)
}

function countAt(object: ApiObject, ...fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + Object.keys(recordAt(object, field)).length, 0)
}

export const configMapTable: TableView = {
  columns: [nameColumn, column('Data', 'Number of its entries.', 'integer'), ageColumn],
  row: (object, now) => [object.metadata.name, countAt(object, 'data', 'binaryData'), age(object, now)],
}

export const secretTable: TableView = {
  columns: [
    nameColumn,
    column('Type', 'What the secret is for.'),
    column('Data', 'Number of its entries.', 'integer'),
    ageColumn,
  ],
  row: (object, now) => [
    object.metadata.name,
    stringAt(object, 'type') ?? '',
    countAt(object, 'data'),
    age(object, now),
  ],
}

/** Name and age: service accounts and whatever has nothing else to say. */
export const plainTable: TableView = {
  columns: [nameColumn, ageColumn],
  row: (object, now) => [object.metadata.name, age(object, now)],
}

/** Name and time of creation: custom resource definitions and roles. */
export const createdAtTable: TableView = {
  columns: [nameColumn, column('Created At', 'When the object was created.', 'date')],
  row: (object) => [object.metadata.name, object.metadata.creationTimestamp ?? ''],
}

export const namespaceTable: TableView = {
  columns: [nameColumn, column('Status', 'Phase of the namespace.'), ageColumn],
  row: (object, now) => [object.metadata.name, stringAt(object['status'], 'phase') ?? '', age(object, now)],
}

export const leaseTable: TableView = {
  columns: [nameColumn, column('Holder', 'Who holds the lease.'), ageColumn],
  row: (object, now) => [
    object.metadata.name,
    stringAt(object['spec'], 'holderIdentity') ?? '',
    age(object, now),
  ],
}

export const nodeTable: TableView = {
  columns: [
    nameColumn,
    column('Status', 'Whether the node is ready.'),
    column('Roles', 'Roles of the node.'),
    ageColumn,
    column('Version', 'Version of its kubelet.'),
    wide('Internal-IP', 'Address inside of the cluster.'),
    wide('External-IP', 'Address outside of the cluster.'),
    wide('OS-Image', 'Operating system.'),
    wide('Kernel-Version', 'Version of the kernel.'),
    wide('Container-Runtime', 'Container runtime and its version.'),
  ],
  row(object, now) {
    const info = recordAt(object['status'], 'nodeInfo')
    const text = (field: string): string => stringAt(info, field) ?? '<unknown>'
    return [
      object.metadata.name,
      nodeStatus(object),
      nodeRoles(object),
      age(object, now),
      stringAt(info, 'kubeletVersion') ?? '',
      nodeAddress(object, 'InternalIP'),
      nodeAddress(object, 'ExternalIP'),
      text('osImage'),
      text('kernelVersion'),
      text('containerRuntimeVersion'),
    ]
  },
}

function nodeStatus(node: ApiObject): string {
  const ready = listAt(node['status'], 'conditions').find((one) => stringAt(one, 'type') === 'Ready')
  const status = ready === undefined ? 'Unknown' : stringAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  return recordAt(node, 'spec')['unschedulable'] === true ? `${status},SchedulingDisabled` : status
}

function nodeRoles(node: ApiObject): string {
  const labels = Object.entries(node.metadata.labels ?? {})
  const roles = labels.flatMap(([key, value]) => {
    if (key.startsWith('node-role.kubernetes.io/')) return [key.slice('node-role.kubernetes.io/'.length)]
    return key === 'kubernetes.io/role' && value !== '' ? [value] : []
  })
  return (
    roles
      .filter((role) => role !== '')
      .toSorted()
      .join(',') || none
  )
}

function nodeAddress(node: ApiObject, type: string): string {
  const found = listAt(node['status'], 'addresses').find((one) => isRecord(one) && one['type'] === type)
  return stringAt(found, 'address') ?? none
}
