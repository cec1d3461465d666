import { listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, wide, type TableView } from './table-view.ts'

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

function modesOf(value: unknown): string {
  const given = new Set(listAt(value, 'accessModes'))
  return Object.keys(accessModes)
    .filter((mode) => given.has(mode))
    .map((mode) => accessModes[mode])
    .join(',')
}

function capacityOf(value: unknown): string {
  return stringAt(recordAt(value, 'capacity'), 'storage') ?? ''
}

function phaseOf(object: ApiObject): string {
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating'
  return stringAt(object['status'], 'phase') ?? ''
}

const capacity = column('Capacity', 'Storage that it has.')
const modes = column('Access Modes', 'How it may be mounted.')
const storageClass = column('StorageClass', 'Class of its storage.')
const attributes = column('VolumeAttributesClass', 'Class of its attributes.')
const volumeMode = wide('VolumeMode', 'File system or block device.')

export const claimTable: TableView = {
  columns: [
    nameColumn,
    column('Status', 'Phase of the claim.'),
    column('Volume', 'Volume that it is bound to.'),
    capacity,
    modes,
    storageClass,
    attributes,
    ageColumn,
    volumeMode,
  ],
  row(object, now) {
    const spec = object['spec']
    const volume = stringAt(spec, 'volumeName') ?? ''
    return [
      object.metadata.name,
      phaseOf(object),
      volume,
      volume === '' ? '' : capacityOf(object['status']),
      volume === '' ? '' : modesOf(object['status']),
      stringAt(spec, 'storageClassName') ?? '',
      stringAt(spec, 'volumeAttributesClassName') ?? '<unset>',
      ageSince(object.metadata.creationTimestamp, now),
      stringAt(spec, 'volumeMode') ?? 'Filesystem',
    ]
  },
}

export const volumeTable: TableView = {
  columns: [
    nameColumn,
    capacity,
    modes,
    column('Reclaim Policy', 'What happens to it when its claim goes.'),
    column('Status', 'Phase of the volume.'),
    column('Claim', 'Claim that it is bound to.'),
    storageClass,
    attributes,
    column('Reason', 'Why it is in this phase.'),
    ageColumn,
    volumeMode,
  ],
  row(object, now) {
    const spec = object['spec']
    const claim = recordAt(spec, 'claimRef')
    return [
      object.metadata.name,
      capacityOf(spec),
      modesOf(spec),
      stringAt(spec, 'persistentVolumeReclaimPolicy') ?? '',
      phaseOf(object),
      claim['name'] === undefined
        ? ''
        : `${stringAt(claim, 'namespace') ?? ''}/${stringAt(claim, 'name') ?? ''}`,
      stringAt(spec, 'storageClassName') ?? '',
      stringAt(spec, 'volumeAttributesClassName') ?? '<unset>',
      stringAt(object['status'], 'reason') ?? '',
      ageSince(object.metadata.creationTimestamp, now),
      stringAt(spec, 'volumeMode') ?? 'Filesystem',
    ]
  },
}

export const storageClassTable: TableView = {
  columns: [
    nameColumn,
    column('Provisioner', 'What makes its volumes.'),
    column('ReclaimPolicy', 'What happens to its volumes when their claims go.'),
    column('VolumeBindingMode', 'When its volumes are bound.'),
    column('AllowVolumeExpansion', 'Whether its volumes can grow.', 'boolean'),
    ageColumn,
  ],
  row: (object, now) => [
    isDefaultClass(object) ? `${object.metadata.name} (default)` : object.metadata.name,
    stringAt(object, 'provisioner') ?? '',
    stringAt(object, 'reclaimPolicy') ?? 'Delete',
    stringAt(object, 'volumeBindingMode') ?? 'Immediate',
    object['allowVolumeExpansion'] === true,
    ageSince(object.metadata.creationTimestamp, now),
  ],
}

function isDefaultClass(object: ApiObject): boolean {
  return object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
}
