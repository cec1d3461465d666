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
  // A default, and so attributed to whoever creates or changes the namespace.
  defaults: labelName,
  prepare(namespace, live) {
    labelName(namespace)
    if (live === undefined) {
      ensure(namespace, 'spec')['finalizers'] = ['kubernetes']
      namespace['status'] = { phase: 'Active' }
      return
    }
    // Only `/finalize` takes them away.
    namespace['spec'] = { ...recordAt(namespace, 'spec'), finalizers: recordAt(live, 'spec')['finalizers'] }
  },
})

/** What `generateName` makes is labelled once it is known. */
function labelName({ metadata }: ApiObject): void {
  if (metadata.name === '' || metadata.labels?.[nameLabel] === metadata.name) return
  metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name }
}

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
