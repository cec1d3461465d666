/** Plain Kubernetes objects, as they travel over the wire. Only the fields that this product reads are typed. */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: Record<string, unknown>
  subresource?: string
}

export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: ManagedFieldsEntry[]
}

export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

export interface KubeList<T> {
  apiVersion: string
  kind: string
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
  items: T[]
}

/** metav1.Condition. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  observedGeneration?: number
  lastTransitionTime?: string
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: {
    exitCode: number
    signal?: number
    reason?: string
    message?: string
    startedAt?: string
    finishedAt?: string
    containerID?: string
  }
}

export interface ContainerStatus {
  name: string
  image: string
  imageID?: string
  containerID?: string
  ready: boolean
  started?: boolean
  restartCount: number
  state?: ContainerState
  lastState?: ContainerState
}

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[]
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  restartPolicy?: 'Always'
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
  [field: string]: unknown
}

/** Exactly one source beside the name; the ones that this product reads are typed. */
export interface PodVolume {
  name: string
  persistentVolumeClaim?: { claimName: string }
  configMap?: VolumeSource & { name: string }
  secret?: VolumeSource & { secretName: string }
  emptyDir?: Record<string, unknown>
  [source: string]: unknown
}

interface VolumeSource {
  items?: { key: string; path: string; mode?: number }[]
  defaultMode?: number
  optional?: boolean
}

export interface PodSpec {
  nodeName?: string
  restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  terminationGracePeriodSeconds?: number
  activeDeadlineSeconds?: number
  initContainers?: Container[]
  containers: Container[]
  volumes?: PodVolume[]
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: {
    phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
    reason?: string
    message?: string
    podIP?: string
    hostIP?: string
    startTime?: string
    conditions?: (Condition & { lastProbeTime?: null })[]
    initContainerStatuses?: ContainerStatus[]
    containerStatuses?: ContainerStatus[]
    [field: string]: unknown
  }
}

export interface Service extends KubeObject {
  spec: {
    clusterIP?: string
    selector?: Record<string, string>
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[]
    publishNotReadyAddresses?: boolean
    [field: string]: unknown
  }
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number
    serviceName?: string
    selector: { matchLabels: Record<string, string> }
    template: {
      metadata: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: PodSpec
    }
    updateStrategy?: { type: 'OnDelete' | 'RollingUpdate'; rollingUpdate?: { partition?: number } }
    [field: string]: unknown
  }
  status?: {
    observedGeneration?: number
    replicas?: number
    readyReplicas?: number
    availableReplicas?: number
    updatedReplicas?: number
    currentReplicas?: number
    currentRevision?: string
    updateRevision?: string
    collisionCount?: number
  }
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

/** Its values are base64. */
export interface Secret extends KubeObject {
  type?: string
  data?: Record<string, string>
}

/** core/v1 Event, as both `kubectl describe` and the evidence read it. */
export interface KubeEvent extends KubeObject {
  involvedObject: { apiVersion?: string; kind?: string; namespace?: string; name?: string; uid?: string }
  type?: 'Normal' | 'Warning'
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string
  lastTimestamp?: string
  source?: { component?: string }
  reportingComponent?: string
  reportingInstance?: string
}
