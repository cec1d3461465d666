import { podSpec, podStatus, podTemplate } from './pod-merge-schema.ts'
import {
  anyScalar,
  atomicList,
  atomicMap,
  keyedList,
  mapOf,
  rootOf,
  setList,
  stringField,
  struct,
  undeclared,
  type MergeSchema,
} from './merge-schema.ts'

/**
 * Merge schemas of the built-in kinds: only what differs from the rule that structs merge field by field and lists are
 * replaced. `blank` holds the fields that the kind's Go struct writes even when they are unset, so that a create does not
 * count them as added. Both follow the field markers of the Kubernetes API types.
 */
interface BuiltIn {
  readonly fields: Readonly<Record<string, MergeSchema>>
  readonly blank?: Readonly<Record<string, unknown>>
}

const conditions = keyedList(['type'], undeclared, 'type')
const withConditions = struct({ conditions })
const stringMap = mapOf(stringField)
const quantities = mapOf(anyScalar)
const blankTemplate = { metadata: {}, spec: { containers: null } }

const protocol: MergeSchema = { ...stringField, default: 'TCP' }
const servicePorts = keyedList(['port', 'protocol'], struct({ protocol }), 'port')

const claimSpec = struct({
  selector: atomicMap,
  dataSource: atomicMap,
  resources: struct({ limits: quantities, requests: quantities }),
})

const webhooks = keyedList(
  ['name'],
  struct({
    namespaceSelector: atomicMap,
    objectSelector: atomicMap,
    matchConditions: keyedList(['name'], undeclared, 'name'),
  }),
  'name',
)

const core: Readonly<Record<string, BuiltIn>> = {
  Pod: {
    fields: { spec: podSpec, status: podStatus },
    blank: { spec: { containers: null }, status: {} },
  },
  Service: {
    fields: { spec: struct({ ports: servicePorts, selector: atomicMap }), status: withConditions },
    blank: { spec: {}, status: { loadBalancer: {} } },
  },
  ConfigMap: { fields: { data: stringMap, binaryData: stringMap } },
  Secret: { fields: { data: stringMap, stringData: stringMap } },
  ServiceAccount: { fields: { secrets: keyedList(['name'], undeclared, 'name') } },
  Namespace: { fields: { status: withConditions }, blank: { spec: {}, status: {} } },
  Node: {
    fields: {
      spec: struct({ podCIDRs: setList('') }),
      status: struct({
        conditions,
        addresses: keyedList(['type'], undeclared, 'type'),
        capacity: quantities,
        allocatable: quantities,
      }),
    },
    blank: { spec: {}, status: { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: {} } },
  },
  PersistentVolumeClaim: {
    fields: { spec: claimSpec, status: struct({ conditions, capacity: quantities }) },
    blank: { spec: { resources: {} }, status: {} },
  },
  PersistentVolume: {
    fields: {
      spec: struct({ capacity: quantities, nodeAffinity: struct({ required: atomicMap }) }),
    },
    blank: { spec: {}, status: {} },
  },
  Event: {
    fields: { involvedObject: atomicMap, related: atomicMap },
    blank: {
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    },
  },
}

const apps: Readonly<Record<string, BuiltIn>> = {
  StatefulSet: {
    fields: {
      spec: struct({ selector: atomicMap, template: podTemplate }),
      status: withConditions,
    },
    blank: {
      spec: { selector: null, template: blankTemplate, updateStrategy: {} },
      status: { replicas: 0, availableReplicas: 0 },
    },
  },
  Deployment: {
    fields: { spec: struct({ selector: atomicMap, template: podTemplate }), status: withConditions },
    blank: { spec: { selector: null, template: blankTemplate, strategy: {} }, status: {} },
  },
  ReplicaSet: {
    fields: { spec: struct({ selector: atomicMap, template: podTemplate }), status: withConditions },
    blank: { spec: { selector: null, template: blankTemplate }, status: { replicas: 0 } },
  },
}

const others: Readonly<Record<string, BuiltIn>> = {
  'batch/v1/Job': {
    fields: {
      spec: struct({ selector: atomicMap, template: podTemplate }),
      // Replaced by apply, merged by type by strategic patches.
      status: struct({ conditions: atomicList('type') }),
    },
    blank: { spec: { template: blankTemplate }, status: {} },
  },
  'coordination.k8s.io/v1/Lease': { fields: {}, blank: { spec: {} } },
  'events.k8s.io/v1/Event': { fields: { regarding: atomicMap, related: atomicMap } },
  'discovery.k8s.io/v1/EndpointSlice': {
    fields: {},
    blank: { addressType: '', endpoints: null, ports: null },
  },
  'storage.k8s.io/v1/StorageClass': { fields: { parameters: stringMap }, blank: { provisioner: '' } },
  'rbac.authorization.k8s.io/v1/Role': { fields: {}, blank: { rules: null } },
  'rbac.authorization.k8s.io/v1/ClusterRole': { fields: {}, blank: { rules: null } },
  'rbac.authorization.k8s.io/v1/RoleBinding': { fields: { roleRef: atomicMap } },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': { fields: { roleRef: atomicMap } },
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': { fields: { webhooks } },
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': { fields: { webhooks } },
  'apiextensions.k8s.io/v1/CustomResourceDefinition': {
    fields: { status: struct({ conditions: keyedList(['type'], undeclared) }) },
    blank: {
      spec: { group: '', names: { plural: '', kind: '' }, scope: '', versions: null },
      status: { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null },
    },
  },
}

const tables = new Map<string, BuiltIn>([
  ...Object.entries(core).map(([kind, entry]) => [`v1/${kind}`, entry] as const),
  ...Object.entries(apps).map(([kind, entry]) => [`apps/v1/${kind}`, entry] as const),
  ...Object.entries(others),
])

/** Merge schema of a built-in kind; one that the tables lack merges struct by struct and replaces lists. */
export function builtInMergeSchema(apiVersion: string, kind: string): MergeSchema {
  const entry = tables.get(`${apiVersion}/${kind}`) ?? { fields: {} }
  const fields = new Map(Object.entries(entry.fields))
  return rootOf({ atomic: false, fields, open: true }, entry.blank)
}
