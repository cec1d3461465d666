import {
  events,
  persistentVolumeClaims,
  pods,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  services,
  statefulSets,
  type ResourceType,
} from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { aggregateServiceName, dataClaimName, podName } from '../contract/names.ts'
import type { KubeEvent, KubeObject, Pod } from '../contract/objects.ts'
import type { KubeClient } from '../kube/types.ts'
import type { Item } from './item.ts'

/** What is captured: networks and nodes, by name and namespace. */
export interface CaptureScope {
  readonly kube: KubeClient
  readonly networks: readonly { readonly name: string; readonly namespace: string }[]
  readonly nodes: readonly { readonly name: string; readonly namespace: string }[]
}

const kinds: readonly ResourceType[] = [
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  statefulSets,
  services,
  persistentVolumeClaims,
  pods,
]

/** One file per kind with all of their objects, status and plan included, and one with their events. */
export function objectItems(scope: CaptureScope): Item[] {
  const owned = ownership(scope)
  return [
    ...kinds.map((type) => ({
      path: `objects/${type.plural}.json`,
      read: async (signal: AbortSignal) => {
        const found = (await readKind<KubeObject>(scope, type, signal)).filter(owned.has)
        return found.length === 0 && type === seiNodeTasks ? undefined : found.map(withoutManagedFields)
      },
    })),
    {
      path: 'events.json',
      read: async (signal: AbortSignal) => {
        const found = (await readKind<KubeEvent>(scope, events, signal)).filter(owned.concerns)
        return found.map(withoutManagedFields).sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
      },
    },
  ]
}

/** By a list of now: of a pod that has gone there is no log to miss, and a silent watch may not have told of it. */
export async function readPods(scope: CaptureScope): Promise<Pod[]> {
  const lists = await Promise.all(
    namespacesOf(scope).map((namespace) => scope.kube.list<Pod>(pods, { namespace })),
  )
  return lists.flatMap(({ items }) => items).filter(ownership(scope).has)
}

function namespacesOf({ networks, nodes }: CaptureScope): readonly string[] {
  return [...new Set([...networks, ...nodes].map(({ namespace }) => namespace))]
}

/**
 * All objects of a kind in their namespaces, by a shared watch: where the client already watches the kind, this
 * costs no request at all.
 */
async function readKind<T extends KubeObject>(
  scope: CaptureScope,
  type: ResourceType,
  signal: AbortSignal,
): Promise<T[]> {
  const { kube } = scope
  const lists = await Promise.all(
    namespacesOf(scope).map(async (namespace) => {
      const watch = kube.watch<T>(type, { namespace })
      // A server that does not answer would keep the watch trying for ever.
      signal.addEventListener('abort', watch.close, { once: true })
      try {
        await watch.ready
        return watch.items()
      } finally {
        signal.removeEventListener('abort', watch.close)
        watch.close()
      }
    }),
  )
  return lists.flat()
}

interface Ownership {
  has(object: KubeObject): boolean
  concerns(event: KubeEvent): boolean
}

function ownership({ networks, nodes }: CaptureScope): Ownership {
  const key = (namespace: string | undefined, name: string | undefined): string =>
    `${namespace ?? ''}/${name ?? ''}`
  const names = new Set(
    networks.flatMap(({ namespace, name }) => [
      key(namespace, name),
      key(namespace, aggregateServiceName(name)),
    ]),
  )
  const nodeKeys = new Set<string>()
  for (const { namespace, name } of nodes) {
    nodeKeys.add(key(namespace, name))
    for (const one of [name, podName(name), dataClaimName(name)]) names.add(key(namespace, one))
  }
  return {
    has: ({ metadata: { namespace, name, labels: own } }) =>
      names.has(key(namespace, name)) || nodeKeys.has(key(namespace, own?.[labels.node])),
    concerns: ({ involvedObject, metadata }) =>
      names.has(key(involvedObject.namespace ?? metadata.namespace, involvedObject.name)),
  }
}

function timeOf({ lastTimestamp, metadata }: KubeEvent): string {
  return lastTimestamp ?? metadata.creationTimestamp ?? ''
}

/** Who wrote which field is bulky and says nothing about a failure. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
