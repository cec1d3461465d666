import type { KubeObject } from './objects.ts'

/** What somebody may do with one resource, as a rule of RBAC says it. */
export interface Right {
  /** API group, `''` for the core. */
  readonly group: string
  /** Plural, with its subresource where it is one: `pods/log`. */
  readonly resource: string
  readonly verbs: readonly string[]
  /** Who needs it, for whoever has to grant it. */
  readonly why: string
}

/** Namespace and Deployment of the Sei controller, as its own manifests name them. */
export const controllerPlace = {
  namespace: 'sei-k8s-controller-system',
  labels: 'app.kubernetes.io/name=sei-k8s-controller',
} as const

/** Role and RoleBinding of the account that Task pods run as: Chaos Mesh lets them name none, so it is `default`. */
export const taskRole = { name: 'seitask-runner', account: 'default' } as const

/** ServiceAccount, Role and ClusterRole of whoever runs `workflow-run` in a cluster. */
const callerRole = { name: 'workflow-run' } as const

/** What the steps of a scenario do, in the namespace of the run. */
export const taskRights: readonly Right[] = [
  {
    group: 'sei.io',
    resource: 'seinodetasks',
    verbs: ['create', 'get', 'list', 'watch', 'patch', 'update'],
    why: 'runner',
  },
  { group: 'sei.io', resource: 'seinodetasks/status', verbs: ['get'], why: 'runner' },
  { group: 'sei.io', resource: 'seinodes', verbs: ['create', 'get', 'list', 'watch'], why: 'provision-node' },
  {
    group: 'sei.io',
    resource: 'seinetworks',
    verbs: ['create', 'get', 'list', 'watch', 'patch'],
    why: 'provision-snd, set-image',
  },
  { group: 'sei.io', resource: 'seinetworks/status', verbs: ['get'], why: 'provision-snd' },
  { group: '', resource: 'secrets', verbs: ['get', 'create'], why: 'keygen' },
  {
    group: '',
    resource: 'configmaps',
    verbs: ['get', 'list', 'watch', 'create', 'patch', 'update'],
    why: 'values passed on between steps',
  },
  {
    group: '',
    resource: 'pods',
    verbs: ['get', 'list', 'watch'],
    why: 'gate, upload-report, why a node does not get ready',
  },
  { group: '', resource: 'events', verbs: ['list', 'watch'], why: 'why a node does not get ready' },
  { group: '', resource: 'pods/log', verbs: ['get'], why: 'upload-report' },
  {
    group: 'chaos-mesh.org',
    resource: 'workflows',
    verbs: ['get', 'list'],
    why: 'identity of a step, upload-report',
  },
  { group: 'chaos-mesh.org', resource: 'workflownodes', verbs: ['get', 'list'], why: 'gate, upload-report' },
]

/** What steps on a simulated cluster see beside that: how fast time passes, and where Services answer on this machine. */
export const simulatedTaskRights: readonly Right[] = [
  { group: '', resource: 'namespaces', verbs: ['get'], why: 'pace of the cluster' },
  { group: '', resource: 'services', verbs: ['list', 'watch'], why: 'loopback addresses' },
]

/** What `workflow-run` does itself, in the namespace of the run. */
export const callerRights: readonly Right[] = [
  {
    group: 'chaos-mesh.org',
    resource: 'workflows',
    verbs: ['create', 'get', 'list', 'watch', 'patch', 'delete'],
    why: 'apply, abort, tear-down',
  },
  {
    group: 'chaos-mesh.org',
    resource: 'workflownodes',
    verbs: ['get', 'list', 'watch', 'patch', 'delete'],
    why: 'watch, capture, taking off what hangs under a step that is stopped, sweep',
  },
  {
    group: '',
    resource: 'pods',
    verbs: ['get', 'list', 'watch', 'patch', 'delete'],
    why: 'verdict, stop, sweep',
  },
  { group: '', resource: 'pods/log', verbs: ['get'], why: 'verdict, capture' },
  {
    group: '',
    resource: 'configmaps',
    verbs: ['get', 'list', 'watch', 'delete'],
    why: 'capture, what is left',
  },
  { group: '', resource: 'secrets', verbs: ['get', 'list'], why: 'redaction: what must not be in a report' },
  { group: '', resource: 'events', verbs: ['list', 'watch'], why: 'verdict, capture' },
  {
    group: '',
    resource: 'persistentvolumeclaims',
    verbs: ['get', 'list', 'watch', 'delete'],
    why: 'what is left',
  },
  { group: '', resource: 'services', verbs: ['list', 'watch'], why: 'capture, what is left' },
  { group: 'apps', resource: 'statefulsets', verbs: ['list', 'watch'], why: 'capture, what is left' },
  { group: 'batch', resource: 'jobs', verbs: ['list', 'watch'], why: 'what is left' },
  {
    group: 'sei.io',
    resource: 'seinetworks',
    verbs: ['get', 'list', 'watch', 'patch', 'delete'],
    why: 'tear-down, what is left',
  },
  {
    group: 'sei.io',
    resource: 'seinodes',
    verbs: ['get', 'list', 'watch', 'delete'],
    why: 'tear-down, what is left',
  },
  {
    group: 'sei.io',
    resource: 'seinodetasks',
    verbs: ['get', 'list', 'watch', 'delete'],
    why: 'capture, what is left',
  },
  {
    group: 'sei.io',
    resource: 'seinodetaskworkflows',
    verbs: ['list', 'watch'],
    why: 'what is left',
  },
]

/** What is read outside that namespace: by the fingerprint, where what is missing is drift that can be allowed, and at the end. */
export const callerClusterRights: readonly Right[] = [
  {
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
    verbs: ['get'],
    why: 'fingerprint of the definitions',
  },
  {
    group: 'authorization.k8s.io',
    resource: 'subjectaccessreviews',
    verbs: ['create'],
    why: 'rights of the account of Task pods',
  },
  {
    group: '',
    resource: 'persistentvolumes',
    verbs: ['list', 'watch'],
    why: 'what is left; without it the run says that it cannot tell',
  },
]

/** What the fingerprint reads in the namespace of the controller. */
export const callerControllerRights: readonly Right[] = [
  { group: 'apps', resource: 'deployments', verbs: ['list'], why: 'image of the controller' },
]

/** A rule of a Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

export interface RoleObject extends KubeObject {
  rules: readonly PolicyRule[]
}

export interface RoleBindingObject extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string }
  subjects: readonly { kind: string; name: string; namespace: string }[]
}

function rulesOf(rights: readonly Right[]): PolicyRule[] {
  return rights.map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs }))
}

const rbac = 'rbac.authorization.k8s.io'

/** The Role and RoleBinding by which the Task account of a namespace may do what steps do. */
export function taskGrant(namespace: string): { role: RoleObject; binding: RoleBindingObject } {
  return grant('Role', { name: taskRole.name, namespace }, taskRights, { name: taskRole.account, namespace })
}

export function grant(
  kind: 'Role' | 'ClusterRole',
  metadata: { name: string; namespace?: string },
  rights: readonly Right[],
  account: { name: string; namespace: string },
): { role: RoleObject; binding: RoleBindingObject } {
  const apiVersion = `${rbac}/v1`
  return {
    role: { apiVersion, kind, metadata: { ...metadata }, rules: rulesOf(rights) },
    binding: {
      apiVersion,
      kind: `${kind}Binding`,
      metadata: { ...metadata },
      roleRef: { apiGroup: rbac, kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
    },
  }
}

/** Everything by which the caller's ServiceAccount of a namespace may do what `workflow-run` does, in the order to apply it. */
export function callerGrants(namespace: string): KubeObject[] {
  const { name } = callerRole
  const account = { name, namespace }
  const grants = [
    grant('Role', { name, namespace }, callerRights, account),
    grant('ClusterRole', { name }, callerClusterRights, account),
    grant('Role', { name, namespace: controllerPlace.namespace }, callerControllerRights, account),
  ]
  const serviceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }
  return [serviceAccount, ...grants.flatMap(({ role, binding }) => [role, binding])]
}
