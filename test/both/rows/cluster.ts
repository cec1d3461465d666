import { refused, rows, send, type Story } from '../row.ts'

/** The cluster itself: what it serves, who one is, its nodes. */
export const clusterStories: readonly Story[] = [
  {
    name: 'cluster',
    rows: rows(
      'cluster-info',
      'api-resources --api-group=sei.io -o wide',
      'api-resources --api-group=coordination.k8s.io -o wide',
      'api-resources --api-group=discovery.k8s.io -o wide',
      'api-resources --api-group=events.k8s.io -o wide',
      'api-resources --api-group=rbac.authorization.k8s.io -o wide',
      'api-resources --api-group=apiextensions.k8s.io -o wide',
      'api-resources --api-group=sei.io --verbs=list --namespaced -o name',
      // A real server lists definitions in no order.
      { line: 'get --raw /apis/sei.io/v1alpha1', unordered: true },
      'get --raw /apis/coordination.k8s.io/v1',
      'get --raw /apis/rbac.authorization.k8s.io/v1',
      'get --raw /apis/sei.io',
      'get --raw /api',
      'get ns',
      'get ns default -o yaml',
      'get nodes -o name',
      'get nodes',
      'describe node sei-embedded',
      'cordon sei-embedded',
      'get nodes',
      'uncordon sei-embedded',
      'taint nodes sei-embedded a=b:PreferNoSchedule',
      'taint nodes sei-embedded a-',
      'label node sei-embedded a=b',
      'label node sei-embedded a-',
      'get svc kubernetes -n default -o name',
      'get sc',
      'get crd',
      'get clusterroles cluster-admin -o jsonpath={.rules}',
      'get leases -n kube-node-lease -o name',
    ),
  },
  {
    name: 'auth',
    rows: [
      ...rows(
        'auth can-i create pods',
        "auth can-i '*' '*'",
        'auth can-i get /healthz',
        'auth can-i list secrets -n elsewhere',
        'auth can-i delete nodes/status',
        'auth can-i --list',
        'auth whoami',
        'auth whoami -o yaml',
        'create role reader --verb=get,list --resource=pods',
        'create rolebinding readers --role=reader --user=u',
      ),
      send('auth reconcile', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'reader', namespace: 'auth' },
        rules: [{ apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['get', 'list'] }],
      }),
      'get role reader -o yaml',
    ],
  },
  {
    name: 'absent',
    rows: [refused('top nodes'), refused('top pods')],
  },
]
