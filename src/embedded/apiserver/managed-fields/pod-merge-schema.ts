import {
  anyScalar,
  atomicList,
  atomicMap,
  keyedList,
  mapOf,
  setList,
  stringField,
  struct,
  undeclared,
  type MergeSchema,
} from './merge-schema.ts'

const byName = (items: MergeSchema = undeclared): MergeSchema => keyedList(['name'], items, 'name')
const quantities = mapOf(anyScalar)

const environment = byName(
  struct({
    valueFrom: struct({
      fieldRef: atomicMap,
      resourceFieldRef: atomicMap,
      configMapKeyRef: atomicMap,
      secretKeyRef: atomicMap,
    }),
  }),
)

const containerPorts = keyedList(
  ['containerPort', 'protocol'],
  struct({ protocol: { ...stringField, default: 'TCP' } }),
  'containerPort',
)

const container = struct({
  env: environment,
  ports: containerPorts,
  volumeMounts: keyedList(['mountPath'], undeclared, 'mountPath'),
  volumeDevices: keyedList(['devicePath'], undeclared, 'devicePath'),
  resources: struct({ limits: quantities, requests: quantities, claims: keyedList(['name'], undeclared) }),
})

export const podSpec: MergeSchema = struct({
  containers: byName(container),
  initContainers: byName(container),
  ephemeralContainers: byName(container),
  volumes: byName(),
  imagePullSecrets: byName(),
  resourceClaims: byName(),
  schedulingGates: byName(),
  hostAliases: keyedList(['ip'], undeclared, 'ip'),
  topologySpreadConstraints: keyedList(
    ['topologyKey', 'whenUnsatisfiable'],
    struct({ labelSelector: atomicMap }),
    'topologyKey',
  ),
  nodeSelector: atomicMap,
  overhead: quantities,
  affinity: struct({ nodeAffinity: struct({ requiredDuringSchedulingIgnoredDuringExecution: atomicMap }) }),
})

export const podStatus: MergeSchema = struct({
  conditions: keyedList(['type'], undeclared, 'type'),
  podIPs: keyedList(['ip'], undeclared, 'ip'),
  // Replaced by apply, merged by address by strategic patches.
  hostIPs: atomicList('ip'),
  resourceClaimStatuses: byName(),
})

export const podTemplate: MergeSchema = struct({
  metadata: struct({
    labels: mapOf(stringField),
    annotations: mapOf(stringField),
    finalizers: setList(''),
    ownerReferences: keyedList(['uid'], atomicMap, 'uid'),
  }),
  spec: podSpec,
})
