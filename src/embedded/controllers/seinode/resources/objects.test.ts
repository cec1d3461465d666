import { expect, test } from 'vitest'

import { follower, oneValidator } from '../../../../../test/helpers/kind-captures.ts'
import { defaultPlatform, type Platform } from '../../platform.ts'
import { dataClaim, nodeService, nodeStatefulSet, proxyConfigMap } from './objects.ts'

/** The app-config of the recorded clusters, where it differs from ours. */
function platformOf(place: string, bucket: string): Platform {
  return {
    ...defaultPlatform,
    nodepool: place,
    genesis: { bucket: `${bucket}-genesis`, region: 'us-east-2' },
    snapshot: { bucket: `${bucket}-snap`, region: 'us-east-2' },
  }
}

/** Paths of `whole` that `part` lacks. */
function missing(whole: unknown, part: unknown, path = ''): string[] {
  if (Array.isArray(whole))
    return whole.flatMap((item, index) => missing(item, (part as unknown[])[index], `${path}[]`))
  if (typeof whole !== 'object' || whole === null) return part === undefined ? [path] : []
  if (part === undefined) return [path]
  return Object.entries(whole).flatMap(([key, value]) =>
    missing(value, (part as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`),
  )
}

/** What the API server fills into a StatefulSet on its own. */
const serverDefaults = [
  'persistentVolumeClaimRetentionPolicy',
  'podManagementPolicy',
  'revisionHistoryLimit',
  'dnsPolicy',
  'imagePullPolicy',
  'readinessProbe.httpGet.scheme',
  'readinessProbe.successThreshold',
  'readinessProbe.timeoutSeconds',
  'livenessProbe.httpGet.scheme',
  'livenessProbe.successThreshold',
  'livenessProbe.timeoutSeconds',
  'startupProbe.httpGet.scheme',
  'startupProbe.successThreshold',
  'startupProbe.timeoutSeconds',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'resources',
  'restartPolicy',
  'schedulerName',
  'serviceAccount',
  'terminationGracePeriodSeconds',
  'configMap.defaultMode',
]

test.for([
  ['a validator', oneValidator().statefulSet, oneValidator().node, platformOf('team-a', 'team-a')] as const,
  ['a follower', follower().statefulSet, follower().node, platformOf('kr', 'kr')] as const,
])(
  'default: the StatefulSet of %s is the recorded one, but for server defaults',
  ([, recorded, node, platform]) => {
    const rendered = nodeStatefulSet(node, platformIn(recorded.spec, platform))
    expect(recorded.metadata).toMatchObject(rendered.metadata)
    expect(recorded.spec).toMatchObject(rendered.spec)
    const left = missing(recorded.spec, rendered.spec)
    const unexplained = left.filter((path) => !serverDefaults.some((known) => path.endsWith(known)))
    expect(unexplained.filter((path) => !path.includes('RetentionPolicy'))).toEqual([])
  },
)

/** The recorded cluster's own names for pool and buckets. */
function platformIn(spec: unknown, platform: Platform): Platform {
  const text = JSON.stringify(spec)
  const env = (name: string): string => new RegExp(`"name":"${name}","value":"([^"]*)"`).exec(text)?.[1] ?? ''
  const pool = /"key":"karpenter.sh\/nodepool","operator":"In","values":\["([^"]*)"/.exec(text)?.[1]
  return {
    ...platform,
    nodepool: pool ?? platform.nodepool,
    genesis: { bucket: env('SEI_GENESIS_BUCKET'), region: env('SEI_GENESIS_REGION') },
    snapshot: { bucket: env('SEI_SNAPSHOT_BUCKET'), region: env('SEI_SNAPSHOT_REGION') },
  }
}

test('default: Service, ConfigMap and claim are the recorded ones, but for server defaults', () => {
  const { node, service, configMap, claim } = oneValidator()
  expect(service).toMatchObject(nodeService(node))
  expect(configMap).toMatchObject(proxyConfigMap(node))
  expect(claim).toMatchObject(dataClaim(node, defaultPlatform))
})

test('behavior: a paused node keeps its StatefulSet, without a pod', () => {
  const { node } = oneValidator()
  const paused = { ...node, spec: { ...node.spec, paused: true } }
  expect(nodeStatefulSet(paused, defaultPlatform).spec.replicas).toBe(0)
})

test('behavior: what a user asks for the pod gives way to the system', () => {
  const { node } = oneValidator()
  const podLabels = { team: 'x', 'sei.io/node': 'other' }
  const { labels } = nodeStatefulSet({ ...node, spec: { ...node.spec, podLabels } }, defaultPlatform).metadata
  expect(labels).toMatchObject({ team: 'x', 'sei.io/node': 'one-0' })
})

test('behavior: a seed serves no RPC: no exporter, and p2p says whether it is ready', () => {
  const { node } = follower()
  const { fullNode: _, ...spec } = node.spec
  const seed = { ...node, spec: { ...spec, seed: { nodeKey: { secret: { secretName: 'k' } } } } }
  const { containers, volumes } = nodeStatefulSet(seed, defaultPlatform).spec.template.spec
  expect(containers.map((container) => container.name)).toEqual(['seid'])
  expect(containers[0]?.['readinessProbe']).toMatchObject({ tcpSocket: { port: 26656 } })
  expect(volumes?.map((volume) => volume.name)).toContain('node-key')
})
