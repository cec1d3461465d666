import { persistentVolumeClaims, persistentVolumes } from '../../contract/kinds.ts'
import type { KubeObject, Pod } from '../../contract/objects.ts'
import type { KubeClient, Watch } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import type { EventRecorder } from './recorder.ts'
import { emptyFiles, type NodeFiles } from './sidecar/files.ts'

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[]
    storageClassName?: string
    volumeName?: string
    resources?: { requests?: Record<string, string> }
    [field: string]: unknown
  }
  status?: { phase?: string; [field: string]: unknown }
}

export interface Volumes {
  claim(namespace: string | undefined, name: string): Claim | undefined
  /** Calls back whenever a claim appears or changes. */
  onChange(listener: () => void): () => void
  /** Resolves once the claim is bound: provisions a volume for it if it has none. */
  bind(claim: Claim, pod: Pod): Promise<void>
  /** Contents of a claim's volume; they live until the claim is gone. */
  files(claim: Claim): NodeFiles
  close(): void
}

/** Of kind's local-path provisioner, which waits for the first consumer. */
const provisioner = 'rancher.io/local-path'
const protection = 'kubernetes.io/pvc-protection'
const volumeProtection = 'kubernetes.io/pv-protection'
/** Simulated time of provisioning one volume. */
const provisionMs = 2_000

export interface VolumesOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly pods: Watch<Pod>
  readonly recorder: EventRecorder
  readonly provisionerEvents: EventRecorder
  /** The contents of a volume are gone for good. */
  readonly onGone: (files: NodeFiles) => void
}

/** Binds claims to volumes as a dynamic provisioner would, and keeps their contents in memory. */
export function startVolumes(options: VolumesOptions): Volumes {
  return new BoundVolumes(options)
}

class BoundVolumes implements Volumes {
  readonly #options: VolumesOptions
  readonly #claims: Watch<Claim>
  readonly #contents = new Map<string, NodeFiles>()
  readonly #binding = new Map<string, Promise<void>>()
  readonly #listeners = new Set<() => void>()
  readonly #stops: (() => void)[]

  constructor(options: VolumesOptions) {
    this.#options = options
    this.#claims = options.kube.watch<Claim>(persistentVolumeClaims)
    this.#stops = [
      this.#claims.subscribe(({ type, object }) => {
        if (type === 'DELETED') this.#forget(object)
        else if (object.metadata.deletionTimestamp !== undefined) void this.#unprotect(object)
        for (const listener of this.#listeners) listener()
      }),
      // A claim that is being deleted waits for the last pod that uses it.
      options.pods.subscribe(({ type, object }) => {
        if (type !== 'DELETED') return
        for (const name of claimNames(object)) {
          const claim = this.claim(object.metadata.namespace, name)
          if (claim?.metadata.deletionTimestamp !== undefined) void this.#unprotect(claim)
        }
      }),
    ]
  }

  claim(namespace: string | undefined, name: string): Claim | undefined {
    return this.#claims.get({ namespace, name })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  bind(claim: Claim, pod: Pod): Promise<void> {
    const uid = claim.metadata.uid ?? ''
    if (claim.status?.phase === 'Bound') return Promise.resolve()
    let bound = this.#binding.get(uid)
    if (bound === undefined) {
      bound = provision(this.#options, claim, pod)
      bound.catch(() => this.#binding.delete(uid))
      this.#binding.set(uid, bound)
    }
    return bound
  }

  files(claim: Claim): NodeFiles {
    const uid = claim.metadata.uid ?? ''
    let files = this.#contents.get(uid)
    if (files === undefined) this.#contents.set(uid, (files = emptyFiles()))
    return files
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#claims.close()
  }

  #forget(claim: Claim): void {
    const uid = claim.metadata.uid ?? ''
    const files = this.#contents.get(uid)
    this.#contents.delete(uid)
    this.#binding.delete(uid)
    if (files !== undefined) this.#options.onGone(files)
    const { volumeName } = claim.spec
    if (volumeName !== undefined) deleteVolume(this.#options.kube, volumeName).catch(ignore)
  }

  async #unprotect(claim: Claim): Promise<void> {
    const { kube, pods } = this.#options
    const { name, namespace, uid, finalizers = [] } = claim.metadata
    if (!finalizers.includes(protection)) return
    const users = pods.items().filter((pod) => pod.metadata.namespace === namespace)
    if (users.some((pod) => claimNames(pod).includes(name))) return
    const left = finalizers.filter((finalizer) => finalizer !== protection)
    const patch = { metadata: { uid, finalizers: left.length === 0 ? null : left } }
    await kube.patch(persistentVolumeClaims, { namespace, name }, patch, { type: 'merge' }).catch(ignore)
  }
}

/** The volume's claim is gone, so that the protection which admission gave it has no more reason. */
async function deleteVolume(kube: KubeClient, name: string): Promise<void> {
  const left = await kube.delete(persistentVolumes, { name })
  const { uid, finalizers = [] } = left?.metadata ?? {}
  if (!finalizers.includes(volumeProtection)) return
  const others = finalizers.filter((finalizer) => finalizer !== volumeProtection)
  await kube.patch(persistentVolumes, { name }, { metadata: { uid, finalizers: others } }, { type: 'merge' })
}

/** Claims that a pod mounts. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? [])
}

async function provision(options: VolumesOptions, claim: Claim, pod: Pod): Promise<void> {
  const { kube, clock, recorder, provisionerEvents } = options
  const { name, namespace, uid = '' } = claim.metadata
  const volume = `pvc-${uid}`
  recorder.record(
    claim,
    'Normal',
    'WaitForPodScheduled',
    `waiting for pod ${pod.metadata.name} to be scheduled`,
  )
  recorder.record(claim, 'Normal', 'ExternalProvisioning', waitingForProvisioner)
  const label = `External provisioner is provisioning volume for claim "${namespace}/${name}"`
  provisionerEvents.record(claim, 'Normal', 'Provisioning', label)
  await clock.sleep(provisionMs)
  await kube.create(persistentVolumes, newVolume(claim, volume))
  provisionerEvents.record(
    claim,
    'Normal',
    'ProvisioningSucceeded',
    `Successfully provisioned volume ${volume}`,
  )
  await bindTogether(kube, claim, volume)
}

const waitingForProvisioner = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`

/** Names the volume in the claim, then says on both that they are bound. */
async function bindTogether(kube: KubeClient, claim: Claim, volume: string): Promise<void> {
  const { name, namespace, uid } = claim.metadata
  const ref = { namespace, name }
  const metadata = {
    uid,
    finalizers: [...new Set([...(claim.metadata.finalizers ?? []), protection])],
    annotations: {
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
      'volume.kubernetes.io/storage-provisioner': provisioner,
    },
  }
  const named = { metadata, spec: { volumeName: volume } }
  await kube.patch(persistentVolumeClaims, ref, named, { type: 'merge' })
  const { accessModes, resources } = claim.spec
  const status = { phase: 'Bound', accessModes, capacity: resources?.requests }
  const write = { type: 'merge', subresource: 'status' } as const
  await Promise.all([
    kube.patch(persistentVolumeClaims, ref, { status }, write),
    kube.patch(persistentVolumes, { name: volume }, { status: { phase: 'Bound' } }, write),
  ])
}

function newVolume(claim: Claim, volume: string): KubeObject & { spec: unknown } {
  const { name, namespace, uid } = claim.metadata
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volume, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      capacity: claim.spec.resources?.requests ?? {},
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      hostPath: { path: `/var/local-path-provisioner/${volume}`, type: 'DirectoryOrCreate' },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: claim.spec.storageClassName ?? 'standard',
      volumeMode: 'Filesystem',
    },
  }
}

/** What is being deleted may be gone already. */
function ignore(): void {
  return undefined
}
