import { expect } from 'vitest'

/** A command that makes an object from its flags, and sends it in protobuf. */
export interface CreateRow {
  readonly args: string
  /** What `get` is asked for afterwards, and what kubectl says was created. */
  readonly object: string
  /** Fields of the object as the server holds it. */
  readonly fields: Readonly<Record<string, unknown>>
}

const port = { port: 80, targetPort: 8080, protocol: 'TCP' }
const pod = (container: object, spec: object = {}): object => ({
  spec: { containers: [expect.objectContaining(container)], ...spec },
})
const rbac = 'rbac.authorization.k8s.io'
const roleRef = (kind: string, name: string): object => ({ apiGroup: rbac, kind, name })

/** One for each such command and its flags. */
export const createRows: readonly CreateRow[] = [
  { args: 'ns made', object: 'namespace/made', fields: { spec: { finalizers: ['kubernetes'] } } },
  {
    args: 'configmap plain --from-literal=a=1 --from-literal=empty=',
    object: 'configmap/plain',
    fields: { data: { a: '1', empty: '' } },
  },
  { args: 'configmap bare', object: 'configmap/bare', fields: {} },
  {
    args: 'secret generic opaque --from-literal=key=value --from-literal=empty=',
    object: 'secret/opaque',
    fields: { type: 'Opaque', data: { key: 'dmFsdWU=', empty: '' } },
  },
  {
    args: 'secret generic typed --type=example.com/kind --from-literal=key=ü',
    object: 'secret/typed',
    fields: { type: 'example.com/kind', data: { key: 'w7w=' } },
  },
  {
    args: 'secret docker-registry pull --docker-username=u --docker-password=p --docker-server=r.example',
    object: 'secret/pull',
    fields: { type: 'kubernetes.io/dockerconfigjson' },
  },
  { args: 'sa robot', object: 'serviceaccount/robot', fields: {} },
  {
    args: 'job once --image=busybox -- sh -c true',
    object: 'job.batch/once',
    fields: {
      spec: {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        suspend: false,
        template: pod({ image: 'busybox', command: ['sh', '-c', 'true'] }, { restartPolicy: 'Never' }),
      },
    },
  },
  {
    args: 'deployment web --image=nginx --replicas=3 --port=80',
    object: 'deployment.apps/web',
    fields: {
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 3,
        revisionHistoryLimit: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: pod({ name: 'nginx', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: {} }),
      },
    },
  },
  {
    args: 'deployment none --image=nginx --replicas=0',
    object: 'deployment.apps/none',
    fields: { spec: { replicas: 0 } },
  },
  {
    args: 'deployment several --image=nginx --image=busybox',
    object: 'deployment.apps/several',
    fields: {
      spec: { replicas: 1, template: { spec: { containers: [{ name: 'nginx' }, { name: 'busybox' }] } } },
    },
  },
  {
    args: 'service clusterip inner --tcp=80:8080 --tcp=81',
    object: 'service/inner',
    fields: {
      spec: {
        type: 'ClusterIP',
        selector: { app: 'inner' },
        ports: [
          { ...port, name: '80-8080' },
          { ...port, name: '81', port: 81, targetPort: 81 },
        ],
      },
    },
  },
  {
    args: 'service clusterip headless --clusterip=None --tcp=80:8080',
    object: 'service/headless',
    fields: { spec: { clusterIP: 'None', ports: [port] } },
  },
  {
    args: 'service nodeport outer --tcp=80:8080',
    object: 'service/outer',
    fields: { spec: { type: 'NodePort', ports: [{ ...port, nodePort: expect.any(Number) }] } },
  },
  {
    args: 'service nodeport fixed --tcp=80:8080 --node-port=31234',
    object: 'service/fixed',
    fields: { spec: { ports: [{ nodePort: 31234 }] } },
  },
  {
    args: 'service loadbalancer balanced --tcp=80:8080',
    object: 'service/balanced',
    fields: { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true } },
  },
  {
    args: 'service externalname elsewhere --external-name=example.com',
    object: 'service/elsewhere',
    fields: { spec: { type: 'ExternalName', externalName: 'example.com' } },
  },
  {
    args: 'role reader --verb=get,list --resource=pods,pods/log,deployments.apps --resource-name=a',
    object: `role.${rbac}/reader`,
    fields: {
      rules: [
        { apiGroups: [''], resources: ['pods', 'pods/log'], resourceNames: ['a'], verbs: ['get', 'list'] },
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['a'], verbs: ['get', 'list'] },
      ],
    },
  },
  {
    args: 'rolebinding readers --role=reader --user=u --group=g --serviceaccount=default:robot',
    object: `rolebinding.${rbac}/readers`,
    fields: {
      roleRef: roleRef('Role', 'reader'),
      subjects: [
        { kind: 'User', apiGroup: rbac, name: 'u' },
        { kind: 'Group', apiGroup: rbac, name: 'g' },
        { kind: 'ServiceAccount', namespace: 'default', name: 'robot' },
      ],
    },
  },
  {
    args: 'rolebinding viewers --clusterrole=viewer --group=g',
    object: `rolebinding.${rbac}/viewers`,
    fields: { roleRef: roleRef('ClusterRole', 'viewer') },
  },
  {
    args: 'clusterrole viewer --verb=get,watch --resource=nodes,pods',
    object: `clusterrole.${rbac}/viewer`,
    fields: { rules: [{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'watch'] }] },
  },
  {
    args: 'clusterrole health --verb=get --non-resource-url=/healthz',
    object: `clusterrole.${rbac}/health`,
    fields: { rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] },
  },
  {
    args: 'clusterrole sum --aggregation-rule=a=b',
    object: `clusterrole.${rbac}/sum`,
    fields: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
  },
  {
    args: 'clusterrolebinding everyone --clusterrole=viewer --group=g',
    object: `clusterrolebinding.${rbac}/everyone`,
    fields: { roleRef: roleRef('ClusterRole', 'viewer'), subjects: [{ kind: 'Group', name: 'g' }] },
  },
]
