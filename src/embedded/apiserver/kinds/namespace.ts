import { recordAt, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure } from './builtin.ts'
import type { Strategy } from './strategy.ts'

const nameLabel = 'kubernetes.io/metadata.name'

export const namespaceStrategy: Strategy = builtInStrategy({
  nameRule: 'label',
  hasStatus: true,
  deleteAnswersObject: true,
  selectable: {
    'status.phase': (namespace) => String(recordAt(namespace, 'status')['phase'] ?? ''),
  },
  prepare(namespace, live) {
    const { metadata } = namespace
    metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name }
    if (live === undefined) {
      ensure(namespace, 'spec')['finalizers'] = ['kubernetes']
      namespace['status'] = { phase: 'Active' }
      return
    }
    // Only `/finalize` takes them away.
    namespace['spec'] = { ...recordAt(namespace, 'spec'), finalizers: recordAt(live, 'spec')['finalizers'] }
  },
})

/** Namespaces that exist before any client comes. */
export const initialNamespaces: readonly string[] = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
]

export function namespaceObject(name: string): ApiObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}
