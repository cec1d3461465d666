import { closureTypes } from '../../src/client/closure.ts'
import { namespaces, seiNetworks, seiNodes } from '../../src/contract/kinds.ts'
import { labels } from '../../src/contract/labels.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import type { KubeClient, Watch } from '../../src/kube/types.ts'
import type { MadeKind } from './scenario.ts'

/** What a cluster shows to somebody who asks it past the proxy. */
export interface Observer {
  /** Objects of the kind that came into being since the observation began. */
  made(kind: MadeKind): readonly Made[]
  /** Objects that are there now and were not at the beginning. */
  left(): Promise<readonly string[]>
  close(): void
}

const madeTypes = { SeiNetwork: seiNetworks, SeiNode: seiNodes, Namespace: namespaces } as const

export interface Made {
  readonly name: string
  readonly uid: string
  /** It carries a run's label: the run itself made it, and not a controller. */
  readonly byRun: boolean
}

export async function observe(kube: KubeClient): Promise<Observer> {
  const before = new Set(await everything(kube))
  const made = new Map<MadeKind, Made[]>()
  const watches: Watch<KubeObject>[] = []
  for (const kind of Object.keys(madeTypes) as MadeKind[]) {
    const found: Made[] = []
    const watch = kube.watch<KubeObject>(madeTypes[kind])
    await watch.ready
    const there = new Set(watch.items().map(({ metadata }) => metadata.uid))
    watch.subscribe(({ type, object: { metadata } }) => {
      const { uid = '', name, labels: own = {} } = metadata
      if (type !== 'ADDED' || there.has(uid) || found.some((known) => known.uid === uid)) return
      found.push({ uid, name, byRun: labels.harnessRun in own })
    })
    made.set(kind, found)
    watches.push(watch)
  }
  return {
    made: (kind) => made.get(kind) ?? [],
    left: async () => (await everything(kube)).filter((one) => !before.has(one)),
    close: () => {
      for (const watch of watches) watch.close()
    },
  }
}

/** Every namespace gets this map, a moment after its cluster has started. */
function isOfInterest({ metadata: { name } }: KubeObject): boolean {
  return name !== 'kube-root-ca.crt'
}

async function everything(kube: KubeClient): Promise<string[]> {
  const lists = await Promise.all(
    [...closureTypes, namespaces].map(async (type) => {
      const { items } = await kube.list<KubeObject>(type)
      return items
        .filter(isOfInterest)
        .map(({ metadata: { namespace, name, uid } }) => `${type.kind} ${namespace ?? ''}/${name} ${uid}`)
    }),
  )
  return lists.flat()
}
