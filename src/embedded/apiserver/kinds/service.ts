import { invalidValue, required, type FieldError } from '../field-error.ts'
import { deepEqual, recordAt, type ApiObject } from '../object.ts'
import type { Collection } from '../store.ts'
import { builtInStrategy, ensure, fill, records } from './builtin.ts'
import type { Strategy } from './strategy.ts'

const firstNodePort = 30_000
const lastNodePort = 32_767
const ownAddress = '10.96.0.1'
/** The first few stay free, as in a real cluster. */
const firstAddress = 10
const addresses = 0xff_ff

/** The Service by which pods of a real cluster find its API server, which listens on `port`. */
export function ownService(port: number): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      clusterIP: ownAddress,
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  }
}

/** @param services the stored Services, whose addresses and node ports are taken */
export function serviceStrategy(services: Collection): Strategy {
  const pools = createPools(services)
  return builtInStrategy({
    nameRule: 'label',
    hasStatus: true,
    createOnUpdate: true,
    deleteAnswersObject: true,
    selectable: {
      'spec.clusterIP': (service) => String(recordAt(service, 'spec')['clusterIP'] ?? ''),
      'spec.type': (service) => String(recordAt(service, 'spec')['type'] ?? ''),
    },
    defaults: defaultService,
    prepare(service, live) {
      if (live === undefined) service['status'] = { loadBalancer: {} }
      else keepAllocated(service, live)
      allocate(recordAt(service, 'spec'), pools)
    },
    validate: (service, live) => [
      ...portErrors(recordAt(service, 'spec')),
      ...addressErrors(recordAt(service, 'spec'), live, pools),
    ],
  })
}

function defaultService(service: ApiObject): void {
  const spec = ensure(service, 'spec')
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
  if (spec['sessionAffinity'] === 'ClientIP') {
    fill(ensure(ensure(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 })
  }
  for (const port of records(spec, 'ports')) {
    // Go writes 0 for a target that is not set.
    if (port['targetPort'] === 0 || port['targetPort'] === '') delete port['targetPort']
    fill(port, { protocol: 'TCP', targetPort: port['port'] })
  }
  if (spec['type'] !== 'ExternalName') fill(spec, { internalTrafficPolicy: 'Cluster' })
  if (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer') {
    fill(spec, { externalTrafficPolicy: 'Cluster' })
  }
  if (spec['type'] === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
}

/** What was allocated stays when an update leaves it out. */
function keepAllocated(service: ApiObject, live: ApiObject): void {
  const [spec, before] = [recordAt(service, 'spec'), recordAt(live, 'spec')]
  if (spec['type'] === 'ExternalName' || before['type'] === 'ExternalName') return
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (before[field] !== undefined) fill(spec, { [field]: before[field] })
  }
  for (const port of records(spec, 'ports')) {
    const same = records(before, 'ports').find((old) => old['port'] === port['port'])
    if (needsNodePort(spec) && same?.['nodePort'] !== undefined) fill(port, { nodePort: same['nodePort'] })
  }
}

interface Pools {
  address(): string
  isTaken(address: unknown): boolean
  nodePort(): number
}

function createPools(services: Collection): Pools {
  const [ips, ports] = [new Set<unknown>(), new Set<unknown>()]
  services.listen(({ type, object, previous }) => {
    const before = recordAt(previous, 'spec')
    ips.delete(before['clusterIP'])
    for (const port of records(before, 'ports')) ports.delete(port['nodePort'])
    if (type === 'DELETED') return
    const spec = recordAt(object, 'spec')
    ips.add(spec['clusterIP'])
    for (const port of records(spec, 'ports')) ports.add(port['nodePort'])
  })
  let [nextAddress, nextPort] = [firstAddress, firstNodePort]
  return {
    isTaken: (address) => ips.has(address),
    address() {
      for (;;) {
        const ip = `10.96.${nextAddress >> 8}.${nextAddress & 0xff}`
        nextAddress = nextAddress === addresses ? firstAddress : nextAddress + 1
        if (!ips.has(ip)) return ip
      }
    },
    nodePort() {
      for (;;) {
        const port = nextPort
        nextPort = nextPort === lastNodePort ? firstNodePort : nextPort + 1
        if (!ports.has(port)) return port
      }
    },
  }
}

function allocate(spec: Record<string, unknown>, pools: Pools): void {
  if (spec['type'] === 'ExternalName') return
  const [named] = Array.isArray(spec['clusterIPs']) ? spec['clusterIPs'] : []
  spec['clusterIP'] ||= named ?? pools.address()
  fill(spec, { clusterIPs: [spec['clusterIP']], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
  if (!needsNodePort(spec)) return
  for (const port of records(spec, 'ports')) port['nodePort'] ??= pools.nodePort()
}

function needsNodePort(spec: Record<string, unknown>): boolean {
  if (spec['type'] === 'NodePort') return true
  return spec['type'] === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false
}

function portErrors(spec: Record<string, unknown>): FieldError[] {
  const ports = records(spec, 'ports')
  if (ports.length === 0 && spec['type'] !== 'ExternalName' && spec['clusterIP'] !== 'None') {
    return [required('spec.ports')]
  }
  return ports.flatMap((port, index) => {
    const errors: FieldError[] = []
    const at = `spec.ports[${index}]`
    if (ports.length > 1 && !port['name']) errors.push(required(`${at}.name`))
    errors.push(...numberErrors(port['port'], `${at}.port`))
    if (typeof port['targetPort'] === 'number')
      errors.push(...numberErrors(port['targetPort'], `${at}.targetPort`))
    return errors
  })
}

function numberErrors(number: unknown, field: string): FieldError[] {
  if (typeof number === 'number' && number >= 1 && number <= 65_535) return []
  return [invalidValue(field, number ?? 0, 'must be between 1 and 65535, inclusive')]
}

function addressErrors(
  spec: Record<string, unknown>,
  live: ApiObject | undefined,
  pools: Pools,
): FieldError[] {
  const ips = spec['clusterIPs']
  if (live !== undefined) {
    const before = recordAt(live, 'spec')
    const isSame = deepEqual(before['clusterIP'], spec['clusterIP'])
    if (isSame || before['type'] === 'ExternalName' || spec['type'] === 'ExternalName') return []
    return [invalidValue('spec.clusterIPs[0]', ips, 'may not change once set')]
  }
  const ip = spec['clusterIP']
  if (ip === undefined || ip === 'None') return []
  if (!pools.isTaken(ip)) return []
  const detail = `failed to allocate IP ${String(ip)}: provided IP is already allocated`
  return [invalidValue('spec.clusterIPs', ips, detail)]
}
