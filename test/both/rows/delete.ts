import { configMap, refused, rows, send, type Story } from '../row.ts'

const hold = ['example.com/hold']

function statefulSet(name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'i:1' }] },
      },
    },
  }
}

/** Deletion, and waiting for it and for what comes before. */
export const deleteStories: readonly Story[] = [
  {
    name: 'delete',
    rows: [
      ...rows('create configmap a', 'delete cm a', 'delete cm a --ignore-not-found'),
      refused('delete cm a'),
      send('create', configMap('b', {}, { labels: { drop: 'yes' } })),
      send('create', configMap('c', {}, { labels: { drop: 'yes' } })),
      ...rows(
        'delete cm -l drop=yes --dry-run=server',
        'delete cm -l drop=yes',
        'delete cm -l drop=yes',
        'create configmap d',
        'delete cm d --now',
        'create configmap e',
        'delete cm/e -o name',
        'create configmap f',
      ),
      { line: 'delete -f -', input: configMap('f', {}) },
      refused('delete cm'),
      refused('delete nothings a'),
      send('create', statefulSet('back')),
      ...rows(
        'rollout status statefulset back --timeout=30s',
        'wait --for=condition=Ready pod/back-0 --timeout=30s',
        'delete sts back --cascade=background',
        'wait --for=delete pod/back-0 --timeout=30s',
      ),
      send('create', statefulSet('fore')),
      ...rows(
        'rollout status sts fore --timeout=30s',
        'delete sts fore --cascade=foreground',
        'get pods,sts',
      ),
      send('create', statefulSet('left')),
      ...rows(
        'rollout status sts left --timeout=30s',
        'delete sts left --cascade=orphan',
        'get pod left-0 -o jsonpath={.metadata.ownerReferences}{.status.phase}',
        'get sts',
        'delete pod left-0 --now',
        'get pods',
      ),
      send('create', statefulSet('forced')),
      ...rows('rollout status sts forced --timeout=30s', 'delete sts forced --cascade=orphan'),
      'delete pod forced-0 --grace-period=0 --force',
      'create ns delete-within',
      'create configmap inside -n delete-within',
      'delete ns delete-within',
      refused('get ns delete-within'),
      refused('delete cm a --cascade=sideways'),
    ],
  },
  {
    name: 'wait',
    rows: [
      send('create', configMap('held', {}, { finalizers: hold })),
      ...rows('delete cm held --wait=false', "get cm held -o jsonpath='{.metadata.finalizers}'"),
      refused('create configmap held'),
      refused('patch cm held --type=merge -p \'{"metadata":{"finalizers":["example.com/more"]}}\''),
      {
        line: 'wait --for=delete cm/held --timeout=30s',
        meanwhile: [{ line: 'patch cm held --type=merge -p \'{"metadata":{"finalizers":null}}\'' }],
      },
      'wait --for=delete cm/held --timeout=5s',
      send('create', configMap('again', {}, { finalizers: hold })),
      {
        line: 'delete cm again --timeout=30s',
        meanwhile: [{ line: 'patch cm again --type=merge -p \'{"metadata":{"finalizers":null}}\'' }],
      },
      'create configmap keyed --from-literal=a=1',
      'wait --for=jsonpath={.data.a}=1 cm/keyed --timeout=5s',
      'wait --for=jsonpath={.data.a} cm/keyed --timeout=5s',
      {
        line: 'wait --for=jsonpath={.data.b}=2 cm/keyed --timeout=30s',
        meanwhile: [{ line: 'patch cm keyed --type=merge -p \'{"data":{"b":"2"}}\'' }],
      },
      'wait --for=create cm/keyed --timeout=5s',
      refused('wait --for=create cm/nothing --timeout=1s'),
      refused('wait --for=condition=Ready cm/nothing --timeout=1s'),
      refused('wait --for=jsonpath={.data.c}=3 cm/keyed --timeout=1s'),
      'run waited --image=i:1',
      'wait --for=condition=Ready pod/waited --timeout=30s',
      'wait --for=condition=Ready pod --all --timeout=30s',
      'wait --for=jsonpath={.status.phase}=Running pod -l run=waited --timeout=30s',
      'delete pod waited --now',
    ],
  },
]
