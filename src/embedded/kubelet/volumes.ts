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
  const { kube, pods } = options
  const claims = kube.watch<Claim>(persistentVolumeClaims)
  const contents = new Map<string, NodeFiles>()
  const binding = new Map<string, Promise<void>>()
  const listeners = new Set<() => void>()

  const forget = (claim: Claim): void => {
    const uid = claim.metadata.uid ?? ''
    const files = contents.get(uid)
    contents.delete(uid)
    binding.delete(uid)
    if (files !== undefined) options.onGone(files)
    const { volumeName } = claim.spec
    if (volumeName !== undefined) kube.delete(persistentVolumes, { name: volumeName }).catch(ignore)
  }

  const unprotect = async (claim: Claim): Promise<void> => {
    const { name, namespace, uid, finalizers = [] } = claim.metadata
    if (!finalizers.includes(protection)) return
    const used = pods
      .items()
      .some((pod) => pod.metadata.namespace === namespace && claimNames(pod).includes(name))
    if (used) return
    const left = finalizers.filter((finalizer) => finalizer !== protection)
    const patch = { metadata: { uid, finalizers: left.length === 0 ? null : left } }
    await kube.patch(persistentVolumeClaims, { namespace, name }, patch, { type: 'merge' }).catch(ignore)
  }

  const stopClaims = claims.subscribe(({ type, object }) => {
    if (type === 'DELETED') forget(object)
    else if (object.metadata.deletionTimestamp !== undefined) void unprotect(object)
    for (const listener of listeners) listener()
  })
  // A claim that is being deleted waits for the last pod that uses it.
  const stopPods = pods.subscribe(({ type, object }) => {
    if (type !== 'DELETED') return
    for (const name of claimNames(object)) {
      const claim = claims.get({ namespace: object.metadata.namespace, name })
      if (claim?.metadata.deletionTimestamp !== undefined) void unprotect(claim)
    }
  })

  return {
    claim: (namespace, name) => claims.get({ namespace, name }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    bind(claim, pod) {
      const uid = claim.metadata.uid ?? ''
      if (claim.status?.phase === 'Bound') return Promise.resolve()
      let bound = binding.get(uid)
      if (bound === undefined) {
        bound = provision(options, claim, pod)
        bound.catch(() => binding.delete(uid))
        binding.set(uid, bound)
      }
      return bound
    },
    files(claim) {
      const uid = claim.metadata.uid ?? ''
      let files = contents.get(uid)
      if (files === undefined) contents.set(uid, (files = emptyFiles()))
      return files
    },
    close() {
      stopClaims()
      stopPods()
      claims.close()
    },
  }
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
  recorder.record(
    claim,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  )
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
  const finalizers = [...new Set([...(claim.metadata.finalizers ?? []), protection])]
  const ref = { namespace, name }
  await kube.patch(
    persistentVolumeClaims,
    ref,
    {
      metadata: {
        uid,
        finalizers,
        annotations: {
          'pv.kubernetes.io/bind-completed': 'yes',
          'pv.kubernetes.io/bound-by-controller': 'yes',
          'volume.kubernetes.io/storage-provisioner': provisioner,
        },
      },
      spec: { volumeName: volume },
    },
    { type: 'merge' },
  )
  const capacity = claim.spec.resources?.requests
  const status = { phase: 'Bound', accessModes: claim.spec.accessModes, capacity }
  await Promise.all([
    kube.patch(persistentVolumeClaims, ref, { status }, { type: 'merge', subresource: 'status' }),
    kube.patch(
      persistentVolumes,
      { name: volume },
      { status: { phase: 'Bound' } },
      { type: 'merge', subresource: 'status' },
    ),
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
