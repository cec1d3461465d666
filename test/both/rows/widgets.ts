import { definition } from '../../helpers/conformance-widgets.ts'
import { managersOf, refused, rows, send, type Story } from '../row.ts'

const group = 'both.test.dev'
const widget = (name: string, spec: object, metadata: object = {}): object => ({
  apiVersion: `${group}/v1`,
  kind: 'Gizmo',
  metadata: { name, ...metadata },
  spec: { kind: 'k', ...spec },
})

/** A definition of somebody else's, from its creation to its end. */
export const widgetStories: readonly Story[] = [
  {
    name: 'definitions',
    rows: [
      send('create', definition('Gizmo', 'gizmos', true, group)),
      ...rows(
        `wait --for=condition=Established crd/gizmos.${group} --timeout=10s`,
        `get crd gizmos.${group} -o yaml`,
        `describe crd gizmos.${group}`,
        `api-resources --api-group=${group} -o wide`,
      ),
      send('create', widget('one', { size: 3, tags: ['a'], free: { any: [1] } })),
      send('apply', widget('two', { ports: [{ name: 'p', port: 1 }], since: '2020-01-01T00:00:00Z' })),
      send('apply', widget('two', { ports: [{ name: 'q', port: 2 }] })),
      send('apply --server-side', widget('three', { tags: ['x'] })),
      send('apply --server-side --field-manager=other', widget('three', { tags: ['y'], size: 2 })),
      refused('apply --server-side -f -', widget('three', { size: 5 })),
      send('apply --server-side --force-conflicts', widget('three', { size: 5 })),
      ...rows(
        'get gizmos',
        'get gi -o wide',
        'get gi one -o yaml',
        managersOf('get gi three -o yaml'),
        'get gizmos -o name',
        'get gizmos.both.test.dev -o jsonpath={.items[*].spec.size}',
        'get gizmos --sort-by=.spec.size',
        'describe gizmo one',
        'patch gi one --type=merge -p \'{"spec":{"size":4}}\'',
        'patch gi one --type=json -p \'[{"op":"add","path":"/spec/tags/-","value":"b"}]\'',
        'patch gi one --subresource=status --type=merge -p \'{"status":{"phase":"Done"},"spec":{"size":1}}\'',
        'get gi one -o jsonpath={.spec.size}{.status.phase}{.metadata.generation}',
        'wait --for=jsonpath={.status.phase}=Done gi/one --timeout=5s',
        'label gi one a=b',
        'get gi -l a=b --show-labels',
        'annotate gi --all note=1',
      ),
      send('replace', widget('one', { size: 5 })),
      refused('diff -f -', widget('one', { size: 4 })),
      refused("patch gi one -p '{}'"),
      refused('patch gi one --type=merge -p \'{"spec":{"size":9,"mode":"z"}}\''),
      refused('patch gi one --type=merge -p \'{"spec":{"kind":"other"}}\''),
      refused('patch gi one --type=merge -p \'{"spec":{"x":"1","y":"2"}}\''),
      refused('create -f -', widget('bad', { odd: 1 })),
      refused('create -f -', widget('bad', { name: 'UPPER_CASE', size: 'many', tags: ['a', 'a'] })),
      refused('create -f -', widget('bad', { name: 'UPPER_CASE', size: 9, tags: ['a', 'a'] })),
      send('create', { apiVersion: `${group}/v1`, kind: 'Gizmo', metadata: { name: 'bare' } }),
      refused('create -f -', {
        apiVersion: `${group}/v1`,
        kind: 'Gizmo',
        metadata: { name: 'bad' },
        spec: {},
      }),
      refused('scale gi one --replicas=1'),
      refused('get gi one --subresource=scale'),
      // A real server publishes what it knows of a kind a second or more after it serves it.
      'explain gizmo --recursive',
      'explain gizmo.spec.ports',
      { ...send('delete --wait=true', widget('two', {})) },
      'delete gi --all',
      `delete crd gizmos.${group}`,
      refused('get gizmos'),
      refused('create -f -', { ...definition('Gizmo', 'gizmos', true, group), metadata: { name: 'wrong' } }),
    ],
  },
]
