import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { KubeObject, Pod } from '../../src/contract/objects.ts'
import { createCache } from '../../src/kube/cache.ts'
import type { Watch, WatchEvent } from '../../src/kube/types.ts'

export interface RecordedEvent<T extends KubeObject = Pod> {
  /** Arrival, ms since the epoch. */
  readonly at: number
  readonly event: WatchEvent<T>
}

const folder = new URL('../captures/halts/', import.meta.url)

/** Every version of every pod of a real network of four validators and two followers, as the watch delivered them. */
export function recordedPods(): readonly RecordedEvent[] {
  return recordedWatch<Pod>('pods')
}

/** The same of another kind. */
export function recordedWatch<T extends KubeObject>(
  plural: 'pods' | 'seinetworks' | 'seinodes',
): readonly RecordedEvent<T>[] {
  const text = gunzipSync(readFileSync(new URL(`watch-${plural}.jsonl.gz`, folder))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { t, type, object } = JSON.parse(line) as { t: number } & WatchEvent<T>
      return { at: Math.round(t * 1000), event: { type, object } }
    })
}

/** A watch that shows what is fed to it. */
export interface FedWatch<T extends KubeObject> extends Watch<T> {
  feed(event: WatchEvent<T>): void
}

export function createFedWatch<T extends KubeObject>(): FedWatch<T> {
  const cache = createCache<T>()
  return {
    ready: Promise.resolve(),
    items: cache.items,
    get: cache.get,
    subscribe: cache.subscribe,
    close: () => {},
    feed: ({ type, object }) => cache.apply(type, object),
    waitFor: (predicate) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = predicate(cache.items())
          if (found !== undefined) resolve(found)
        }
        cache.follow(look)
        look()
      }),
  }
}

/** What was done to that network, and when: ms since the epoch by the mark's first word. */
export function recordedMarks(): ReadonlyMap<string, number> {
  const lines = readFileSync(new URL('marks.txt', folder), 'utf8').trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [at = '', name = ''] = line.split(' ')
      return [name, Math.round(Number(at) * 1000)]
    }),
  )
}

/** Exit codes of `seid` in the order of its ends, by the first eight characters of the pod's UID; read off the kubelet. */
export function recordedExits(): ReadonlyMap<string, readonly number[]> {
  const lines = readFileSync(new URL('backoff.txt', folder), 'utf8').trim().split('\n')
  return new Map(
    lines.map((line) => [
      line.split(' ')[1] ?? '',
      [...line.matchAll(/exit (\d+)/g)].map(([, code]) => Number(code)),
    ]),
  )
}
