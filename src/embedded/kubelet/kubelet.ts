import { randomUUID } from 'node:crypto'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Era } from '../../contract/crds/eras.ts'
import type { ImageCommands } from '../../contract/embedded.ts'
import { pods as podType } from '../../contract/kinds.ts'
import { annotations, labels } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import type { KubeClient, Watch } from '../../kube/types.ts'
import type { ChainTransport } from '../chain/types.ts'
import type { Clock } from '../clock.ts'
import { faultsFor, ordinalOf, parseFaults, type PodFaults } from '../faults.ts'
import { createChaosDoor, type ChaosDoor } from './chaos-door.ts'
import { createLogServer } from './log-server.ts'
import { ownerOfPod, startLoopback } from './loopback.ts'
import { registerNode } from './node.ts'
import { startPod, type PodWorker } from './pod.ts'
import { createLocalPods, type LocalPods } from './runtime/process/local-pods.ts'
import { createPortBook, type PortBook } from './ports.ts'
import { createRecorder, type EventRecorder } from './recorder.ts'
import type { Sandbox } from './runtime/types.ts'
import { startScheduler } from './scheduler.ts'
import { createBucket, type ArtifactBucket } from './sidecar/bucket.ts'
import { emptyFiles } from './sidecar/files.ts'
import { createGate } from './sidecar/gate.ts'
import { claimNames, startVolumes, type Volumes } from './volumes.ts'

export interface KubeletOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  /** Where simulated nodes meet their chain. */
  readonly chain: ChainTransport
  /** A node's blocks are gone with its volume. */
  readonly onVolumeGone?: (nodeId: string) => void
  /** Certificate of the kubelet's HTTPS API; API servers do not verify a kubelet's. */
  readonly tls: { readonly cert: string; readonly key: string }
  /** Bearer token that the kubelet's API and the proxies of the sidecars ask for; left out, they let everyone pass. */
  readonly token?: string | undefined
  /** PEM of the authority whose client certificates open the kubelet's API as well: a real API server shows one. */
  readonly clientCa?: string | undefined
  /** Of the sidecars. @default head */
  readonly era?: Era | undefined
  /** What further images stand for on this machine. @default none */
  readonly images?: ImageCommands | undefined
  /** @default 'sei-embedded' */
  readonly nodeName?: string | undefined
  /** Decides which loopback ports are tried first. @default random */
  readonly seed?: string | undefined
}

/** First pod address of the pretended pod network; nothing listens there. */
const podNetwork = '10.244.0.'
const hostIP = '127.0.0.1'

/**
 * One node of the embedded cluster: registers it, schedules every pod onto it, binds claims, runs the pods, serves their
 * logs and makes Services reachable on loopback. Resolves once the node is registered. Everything goes through the
 * Kubernetes API, so it works as well against a real API server.
 */
export async function startKubelet(options: KubeletOptions): Promise<{ close(): Promise<void> }> {
  const { kube, clock, nodeName = 'sei-embedded' } = options
  const pods = kube.watch<Pod>(podType)
  const recorder = createRecorder(kube, clock, { component: 'kubelet', host: nodeName })
  const provisioning = createRecorder(kube, clock, { component: 'rancher.io/local-path' })
  const binding = createRecorder(kube, clock, { component: 'persistentvolume-controller' })
  const scheduling = createRecorder(kube, clock, { component: 'default-scheduler' })
  const ports = createPortBook(options.seed ?? randomUUID())
  const volumes = startVolumes({
    kube,
    clock,
    pods,
    recorder: binding,
    provisionerEvents: provisioning,
    onGone: ({ home }) => {
      if (home !== undefined) options.onVolumeGone?.(home.nodeId)
    },
  })
  const loopback = startLoopback({ kube, pods, ports })
  const claim = volumes.claim.bind(volumes)
  const local = createLocalPods({ kube, clock, recorder, images: options.images ?? {}, claim, hostIP })
  const workers = runPods({
    ...options,
    nodeName,
    pods,
    ports,
    recorder,
    volumes,
    bucket: createBucket(),
    local,
  })
  const { tls, token, clientCa } = options
  const server = createLogServer({ tls, token, clientCa, clock, find: workers.find, chaos: workers.chaos })
  const port = await listen(server)
  const node = await registerNode({ kube, clock, name: nodeName, port })
  const scheduler = startScheduler({
    kube,
    clock,
    pods,
    volumes,
    nodeName,
    recorder: scheduling,
    faultsOf: (pod) => faultsOf(scheduling, pod),
  })
  return {
    async close() {
      node.close()
      scheduler.close()
      loopback.close()
      volumes.close()
      await workers.close()
      await local.close()
      pods.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

interface RunPodsOptions extends KubeletOptions {
  readonly nodeName: string
  readonly pods: Watch<Pod>
  readonly ports: PortBook
  readonly recorder: EventRecorder
  readonly volumes: Volumes
  readonly bucket: ArtifactBucket
  readonly local: LocalPods
}

/** A worker for every pod that is bound to the node. */
function runPods(options: RunPodsOptions): {
  find(namespace: string, name: string): PodWorker | undefined
  readonly chaos: ChaosDoor
  close(): Promise<void>
} {
  const { kube, clock, recorder, ports } = options
  const workers = new Map<string, PodWorker>()
  const find = (namespace: string, name: string): PodWorker | undefined =>
    [...workers.values()].find((worker) => {
      const { metadata } = worker.pod()
      return metadata.name === name && metadata.namespace === namespace
    })
  const chaos = createChaosDoor(find, options.chain)
  let addresses = 1

  const begin = (pod: Pod): void => {
    addresses += 1
    ports.hold(ownerOfPod(pod))
    const podIP = `${podNetwork}${addresses}`
    const prepare = (of: Pod): Promise<Sandbox> => prepareSandbox(options, of, podIP)
    workers.set(pod.metadata.uid ?? '', startPod({ kube, clock, recorder, pod, podIP, hostIP, prepare }))
  }

  const stop = options.pods.subscribe(({ type, object }) => {
    const { uid = '' } = object.metadata
    const worker = workers.get(uid)
    if (type === 'DELETED') {
      if (worker === undefined) return
      workers.delete(uid)
      chaos.forget(uid)
      void worker.gone().then(() => ports.release(ownerOfPod(object)))
    } else if (worker !== undefined) worker.update(object)
    else if (object.spec.nodeName === options.nodeName && !isOver(object)) begin(object)
  })

  return {
    find,
    chaos,
    async close() {
      stop()
      await Promise.all([...workers.values()].map((worker) => worker.gone()))
      workers.clear()
    },
  }
}

/** A pod that ended before this kubelet began is not started again. */
function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

async function prepareSandbox(options: RunPodsOptions, pod: Pod, podIP: string): Promise<Sandbox> {
  const claims = claimNames(pod).flatMap((name) => options.volumes.claim(pod.metadata.namespace, name) ?? [])
  await Promise.all(claims.map((claim) => options.volumes.bind(claim, pod)))
  const [data] = claims
  const { token } = options
  return {
    pod,
    podIP,
    clock: options.clock,
    owner: ownerOfPod(pod),
    ports: options.ports,
    local: options.local.of(pod, podIP),
    files: data === undefined ? emptyFiles() : options.volumes.files(data),
    gate: createGate(),
    seidUp: createGate(),
    seidProcess: {},
    era: options.era ?? 'head',
    faults: faultsOf(options.recorder, pod),
    bucket: options.bucket,
    chain: options.chain,
    authorize: (given) => token === undefined || given === token,
  }
}

/**
 * Faults ordered for a pod, by the image of seid and by its annotation, which the controllers hand down from the
 * SeiNetwork or SeiNode.
 */
function faultsOf(recorder: EventRecorder, pod: Pod): PodFaults {
  const main = pod.spec.containers.find((container) => container.name === 'seid') ?? pod.spec.containers[0]
  const { faults, unknown } = parseFaults(main?.image ?? '', pod.metadata.annotations?.[annotations.faults])
  for (const word of unknown)
    recorder.record(pod, 'Warning', 'UnknownFault', `${JSON.stringify(word)} is no fault: see docs/faults.md`)
  return faultsFor(faults, ordinalOf(pod.metadata.labels?.[labels.node] ?? pod.metadata.name))
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}
