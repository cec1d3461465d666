import { listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, formatLabels, nameColumn, none, wide, type TableView } from './table-view.ts'

export const serviceTable: TableView = {
  columns: [
    nameColumn,
    column('Type', 'How the service is reached.'),
    column('Cluster-IP', 'Its address in the cluster.'),
    column('External-IP', 'Addresses outside of the cluster.'),
    column('Port(s)', 'Ports that it serves.'),
    ageColumn,
    wide('Selector', 'Labels of the pods behind it.'),
  ],
  row(object, now) {
    const spec = recordAt(object, 'spec')
    const clusterIp = stringAt(spec, 'clusterIP') ?? ''
    return [
      object.metadata.name,
      stringAt(spec, 'type') ?? 'ClusterIP',
      clusterIp === '' ? none : clusterIp,
      externalAddress(object),
      listAt(spec, 'ports').map(servicePort).join(',') || none,
      ageSince(object.metadata.creationTimestamp, now),
      formatLabels(recordAt(spec, 'selector')),
    ]
  },
}

function externalAddress(service: ApiObject): string {
  const spec = recordAt(service, 'spec')
  if (spec['type'] === 'ExternalName') return stringAt(spec, 'externalName') ?? ''
  const fixed = listAt(spec, 'externalIPs').join(',')
  if (spec['type'] !== 'LoadBalancer') return fixed || none
  const ingress = listAt(recordAt(recordAt(service, 'status'), 'loadBalancer'), 'ingress')
  const given = ingress.map((one) => stringAt(one, 'ip') ?? stringAt(one, 'hostname') ?? '').join(',')
  return [given, fixed].filter((part) => part !== '').join(',') || '<pending>'
}

function servicePort(port: unknown): string {
  const fields = recordAt({ port }, 'port')
  const node = fields['nodePort']
  const published = typeof node === 'number' && node > 0 ? `:${node}` : ''
  return `${String(fields['port'])}${published}/${stringAt(fields, 'protocol') ?? 'TCP'}`
}

export const endpointSliceTable: TableView = {
  columns: [
    nameColumn,
    column('AddressType', 'Family of the addresses.'),
    column('Ports', 'Ports of the endpoints.'),
    column('Endpoints', 'Addresses of the endpoints.'),
    ageColumn,
  ],
  row: (object, now) => [
    object.metadata.name,
    stringAt(object, 'addressType') ?? '',
    firstFew(listAt(object, 'ports').map((port) => String(recordAt({ port }, 'port')['port'] ?? '*'))),
    firstFew(listAt(object, 'endpoints').flatMap((one) => listAt(one, 'addresses').map(String))),
    ageSince(object.metadata.creationTimestamp, now),
  ],
}

export const endpointsTable: TableView = {
  columns: [nameColumn, column('Endpoints', 'Addresses and ports of the endpoints.'), ageColumn],
  row: (object, now) => [
    object.metadata.name,
    firstFew(listAt(object, 'subsets').flatMap(subsetAddresses), none),
    ageSince(object.metadata.creationTimestamp, now),
  ],
}

function subsetAddresses(subset: unknown): string[] {
  const ports = listAt(subset, 'ports').map((port) => `:${String(recordAt({ port }, 'port')['port'])}`)
  const hosts = listAt(subset, 'addresses').map((address) => stringAt(address, 'ip') ?? '')
  return (ports.length === 0 ? [''] : ports).flatMap((port) => hosts.map((host) => `${host}${port}`))
}

function firstFew(values: readonly string[], empty = '<unset>'): string {
  if (values.length === 0) return empty
  const more = values.length > 3 ? ` + ${values.length - 3} more...` : ''
  return `${values.slice(0, 3).join(',')}${more}`
}
