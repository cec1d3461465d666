/** A resource type as Kubernetes names it; enough to build every URL and manifest header for it. */
export interface ResourceType {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

/** Where one object lives. `namespace` is left out for cluster-scoped types. */
export interface ObjectRef {
  readonly namespace?: string | undefined
  readonly name: string
}

/** Where one namespaced object lives. */
export interface Place {
  readonly name: string
  readonly namespace: string
}

function sei(kind: string, plural: string): ResourceType {
  return { group: 'sei.io', version: 'v1alpha1', kind, plural, namespaced: true }
}

function builtin(
  group: string,
  version: string,
  kind: string,
  plural: string,
  namespaced = true,
): ResourceType {
  return { group, version, kind, plural, namespaced }
}

export const seiNetworks: ResourceType = sei('SeiNetwork', 'seinetworks')
export const seiNodes: ResourceType = sei('SeiNode', 'seinodes')
export const seiNodeTasks: ResourceType = sei('SeiNodeTask', 'seinodetasks')
export const seiNodeTaskWorkflows: ResourceType = sei('SeiNodeTaskWorkflow', 'seinodetaskworkflows')

function chaosMesh(kind: string, plural: string): ResourceType {
  return { group: 'chaos-mesh.org', version: 'v1alpha1', kind, plural, namespaced: true }
}

export const workflows: ResourceType = chaosMesh('Workflow', 'workflows')
export const workflowNodes: ResourceType = chaosMesh('WorkflowNode', 'workflownodes')
export const statusChecks: ResourceType = chaosMesh('StatusCheck', 'statuschecks')

export const podChaos: ResourceType = chaosMesh('PodChaos', 'podchaos')
export const networkChaos: ResourceType = chaosMesh('NetworkChaos', 'networkchaos')
export const stressChaos: ResourceType = chaosMesh('StressChaos', 'stresschaos')
export const timeChaos: ResourceType = chaosMesh('TimeChaos', 'timechaos')
export const schedules: ResourceType = chaosMesh('Schedule', 'schedules')

/** The faults that a simulated cluster carries out. */
export const faultKinds: readonly ResourceType[] = [podChaos, networkChaos, stressChaos, timeChaos]

/** A kind of chaos, or Schedule: Chaos Mesh serves `NetworkChaos` as `networkchaos`, but Schedule as `schedules`. */
export function chaosKind(kind: string): ResourceType {
  return kind === schedules.kind ? schedules : chaosMesh(kind, kind.toLowerCase())
}

export const namespaces: ResourceType = builtin('', 'v1', 'Namespace', 'namespaces', false)
export const nodes: ResourceType = builtin('', 'v1', 'Node', 'nodes', false)
export const persistentVolumes: ResourceType = builtin(
  '',
  'v1',
  'PersistentVolume',
  'persistentvolumes',
  false,
)
export const pods: ResourceType = builtin('', 'v1', 'Pod', 'pods')
export const services: ResourceType = builtin('', 'v1', 'Service', 'services')
export const configMaps: ResourceType = builtin('', 'v1', 'ConfigMap', 'configmaps')
export const secrets: ResourceType = builtin('', 'v1', 'Secret', 'secrets')
export const serviceAccounts: ResourceType = builtin('', 'v1', 'ServiceAccount', 'serviceaccounts')
export const events: ResourceType = builtin('', 'v1', 'Event', 'events')
export const persistentVolumeClaims: ResourceType = builtin(
  '',
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
)
export const statefulSets: ResourceType = builtin('apps', 'v1', 'StatefulSet', 'statefulsets')
export const deployments: ResourceType = builtin('apps', 'v1', 'Deployment', 'deployments')
export const jobs: ResourceType = builtin('batch', 'v1', 'Job', 'jobs')
export const leases: ResourceType = builtin('coordination.k8s.io', 'v1', 'Lease', 'leases')
export const endpointSlices: ResourceType = builtin(
  'discovery.k8s.io',
  'v1',
  'EndpointSlice',
  'endpointslices',
)
export const roles: ResourceType = builtin('rbac.authorization.k8s.io', 'v1', 'Role', 'roles')
export const roleBindings: ResourceType = builtin(
  'rbac.authorization.k8s.io',
  'v1',
  'RoleBinding',
  'rolebindings',
)
export const clusterRoles: ResourceType = builtin(
  'rbac.authorization.k8s.io',
  'v1',
  'ClusterRole',
  'clusterroles',
  false,
)
export const clusterRoleBindings: ResourceType = builtin(
  'rbac.authorization.k8s.io',
  'v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  false,
)
export const customResourceDefinitions: ResourceType = builtin(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
)

function webhookKind(kind: string): ResourceType {
  return builtin('admissionregistration.k8s.io', 'v1', kind, `${kind.toLowerCase()}s`, false)
}

export const mutatingWebhookConfigurations: ResourceType = webhookKind('MutatingWebhookConfiguration')
export const validatingWebhookConfigurations: ResourceType = webhookKind('ValidatingWebhookConfiguration')

/** `v1` for the core group, `<group>/<version>` elsewhere. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}

/** The collection's path, or the object's when `name` is given; without `namespace` the cluster-wide collection. */
export function pathOf(
  type: ResourceType,
  at: { namespace?: string | undefined; name?: string | undefined; subresource?: string | undefined } = {},
): string {
  const parts = type.group === '' ? ['api', type.version] : ['apis', type.group, type.version]
  if (type.namespaced && at.namespace !== undefined)
    parts.push('namespaces', encodeURIComponent(at.namespace))
  parts.push(type.plural)
  if (at.name !== undefined) parts.push(encodeURIComponent(at.name))
  if (at.subresource !== undefined) parts.push(at.subresource)
  return `/${parts.join('/')}`
}
