import { network, node, refused, rows, send, type Story } from '../row.ts'

const ready = '--for=jsonpath={.status.phase}=Ready --timeout=30s'

/** A network, its pods and their logs. */
export const seiStories: readonly Story[] = [
  {
    name: 'sei',
    rows: [
      send('apply', network('net', { replicas: 2, deletionPolicy: 'Delete' })),
      ...rows(
        `wait ${ready} sn/net`,
        'wait --for=condition=Ready pod --all --timeout=30s',
        'get sn',
        'get sn -o wide',
        'get snode',
        'get sn net -o jsonpath={.spec}',
        'get sn net -o jsonpath={.status.phase}{.status.readyReplicas}{.status.nodes}',
        'get sn net -o jsonpath=\'{range .status.conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}\'',
        'get snode net-0 -o jsonpath=\'{range .status.conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}\'',
        'get snode net-0 -o jsonpath={.metadata.ownerReferences[*].kind}{.metadata.labels}{.spec}',
        'get all,pvc,cm,endpointslices -o name',
        'get sts net-0 -o yaml',
        'get sts',
        'get sts -o wide',
        'get svc',
        'get svc net-internal -o yaml',
        'get pvc -o name',
        'get pods -L sei.io/seinetwork',
        'get pod net-0-0 -o jsonpath={.spec.containers[*].name}{.status.phase}{.status.qosClass}',
        'get events --field-selector involvedObject.kind=SeiNetwork -o custom-columns=R:.reason,T:.type --sort-by=.reason',
        'logs net-0-0 --tail=1',
        'logs net-0-0 -c seid --tail=1',
        'logs net-0-0 -c sei-sidecar --tail=1 --since=1h',
        'logs sts/net-1 -c seid --limit-bytes=10',
        { line: 'logs net-0-0 --all-containers --prefix --tail=1', unordered: true },
        'logs -l sei.io/seinetwork=net -c seid --tail=1',
      ),
      refused('logs net-0-0 -c seid --previous'),
      refused('logs net-0-0 -c nothing'),
      refused('logs nothing'),
      { line: 'logs -f net-1-0 -c seid', lines: 1 },
      send('apply', network('net', { replicas: 2, deletionPolicy: 'Delete' })),
      refused('apply -f -', network('net', { replicas: 0 })),
      refused('apply -f -', network('net', { genesis: { chainId: 'other-1' } })),
      refused('apply -f -', network('bad', { replicas: 'two', odd: 1 })),
      refused('create -f -', network('bad', { genesis: {} })),
      refused('create -f -', node('bad', { archive: {} })),
      send('create', node('paused')),
      ...rows(
        'get snode paused -o jsonpath={.status.phase}',
        'get snode paused -o jsonpath={.spec}',
        'delete snode paused',
        'delete sn net --cascade=foreground --timeout=60s',
        'get snode,sn',
      ),
    ],
  },
]
