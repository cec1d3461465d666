import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Pod } from '../../src/contract/objects.ts'
import type { WatchEvent } from '../../src/kube/types.ts'

export interface RecordedEvent {
  /** Arrival, ms since the epoch. */
  readonly at: number
  readonly event: WatchEvent<Pod>
}

const folder = new URL('../captures/halts/', import.meta.url)

/** Every version of every pod of a real network of four validators and two followers, as the watch delivered them. */
export function recordedPods(): readonly RecordedEvent[] {
  const text = gunzipSync(readFileSync(new URL('watch-pods.jsonl.gz', folder))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { t, type, object } = JSON.parse(line) as { t: number } & WatchEvent<Pod>
      return { at: Math.round(t * 1000), event: { type, object } }
    })
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
