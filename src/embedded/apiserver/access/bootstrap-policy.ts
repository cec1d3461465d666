import type { PolicyRule } from './policy-rule.ts'

const read = 'get list watch'
const write = 'create delete deletecollection patch update'
const readWrite = 'create delete deletecollection get list patch update watch'
const authentication = 'authentication.k8s.io'
const authorization = 'authorization.k8s.io'
const health = '/healthz /livez /readyz /version /version/'

/** The ClusterRoles that Kubernetes 1.36 makes for users, with their rules. Those that only its own parts need are left out. */
export const bootstrapRules: Readonly<Record<string, readonly PolicyRule[]>> = {
  'cluster-admin': [rule('*', '*', '*'), urls('*', '*')],
  'system:auth-delegator': [
    rule('create', authentication, 'tokenreviews'),
    rule('create', authorization, 'subjectaccessreviews'),
  ],
  'system:basic-user': [
    rule('create', authorization, 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    rule('create', authentication, 'selfsubjectreviews'),
  ],
  'system:discovery': [
    urls('get', '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/'),
  ],
  'system:monitoring': [
    urls(
      'get',
      '/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz',
    ),
    rule('get', 'core', 'nodes/metrics'),
  ],
  'system:public-info-viewer': [urls('get', health)],
  'system:service-account-issuer-discovery': [
    urls(
      'get',
      '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/',
    ),
  ],
  'system:aggregate-to-admin': [
    rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
    rule(readWrite, 'rbac.authorization.k8s.io', 'rolebindings roles'),
  ],
  'system:aggregate-to-edit': [
    rule(read, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
    rule('impersonate', 'core', 'serviceaccounts'),
    rule(write, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
    rule('create', 'core', 'pods/eviction'),
    rule(
      write,
      'core',
      'configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
    ),
    rule('create', 'core', 'serviceaccounts/token'),
    rule(write, 'core events.k8s.io', 'events'),
    rule(
      write,
      'apps',
      'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
    ),
    rule(write, 'autoscaling', 'horizontalpodautoscalers'),
    rule(write, 'batch', 'cronjobs jobs'),
    rule(
      write,
      'extensions',
      'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
    ),
    rule(write, 'policy', 'poddisruptionbudgets'),
    rule(write, 'networking.k8s.io', 'ingresses networkpolicies'),
    rule(readWrite, 'coordination.k8s.io', 'leases'),
    rule(write, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
  ],
  'system:aggregate-to-view': [
    rule(
      read,
      'core',
      'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    ),
    rule(
      read,
      'core',
      'bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
    ),
    rule(read, 'core', 'namespaces'),
    rule(read, 'core events.k8s.io', 'events'),
    rule(read, 'discovery.k8s.io', 'endpointslices'),
    rule(
      read,
      'apps',
      'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
    ),
    rule(read, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
    rule(read, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
    rule(
      read,
      'extensions',
      'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
    ),
    rule(read, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
    rule(read, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
    rule(read, 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
  ],
}

/** ClusterRoles that gather the rules of others, the ones labelled `aggregate-to-<name>`; `also` is the next that gathers theirs. */
export const bootstrapAggregates: Readonly<Record<string, { readonly also?: string }>> = {
  admin: {},
  edit: { also: 'admin' },
  view: { also: 'edit' },
}

/** The groups that hold a ClusterRole by a binding of its name. */
export const bootstrapBindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:monitoring': ['system:monitoring'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
}

function rule(verbs: string, groups: string, resources: string): PolicyRule {
  const apiGroups = groups.split(' ').map((group) => (group === 'core' ? '' : group))
  return { apiGroups, resources: resources.split(' '), verbs: verbs.split(' ') }
}

function urls(verbs: string, nonResourceURLs: string): PolicyRule {
  return { nonResourceURLs: nonResourceURLs.split(' '), verbs: verbs.split(' ') }
}
