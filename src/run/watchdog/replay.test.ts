import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  createFedWatch,
  recordedMarks,
  recordedPods,
  recordedWatch,
  type RecordedEvent,
} from '../../../test/helpers/recorded-pods.ts'
import type { ClientContext } from '../../client/context.ts'
import { createPhaseWatch } from '../../client/phase-watch.ts'
import { TerminationTracker } from '../../client/terminations.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { readinessBudgets } from '../../contract/defaults.ts'
import type { Time } from '../../contract/time.ts'
import type { KubeEvent, KubeObject, Pod } from '../../contract/objects.ts'
import { createDisruptions, explains, type DisruptionWindow } from '../disruptions.ts'
import { judgeExit, nodeContainer } from './exits.ts'

const network = 'four'
const previousLog = readFileSync(
  new URL('../../../test/captures/halts/kind-previous.log.txt', import.meta.url),
  'utf8',
)
const networks = recordedWatch<SeiNetwork>('seinetworks')
const applied = networks[0]?.at ?? 0
const marks = recordedMarks()
const secondsAt = (at: number): number => (at - applied) / 1_000
const markAt = (name: string): number => secondsAt(marks.get(name) ?? Number.NaN)

/** A window from a mark of the recording on, seconds. */
interface Planned {
  readonly from: string
  readonly seconds: number
  readonly window: Omit<DisruptionWindow, 'network'>
}

interface Loss {
  readonly at: number
  readonly node: string
  readonly kind: string
  readonly source: string
  readonly planName?: string | undefined
  readonly height?: number | undefined
}

/** Every end of a node that no window explains, in the order the watch told of it. */
function losses(planned: readonly Planned[]): Loss[] {
  const tracker = new TerminationTracker()
  const disruptions = createDisruptions()
  const end = markAt('delete-net-and-followers')
  const found: Loss[] = []
  for (const { at: arrival, event } of recordedPods()) {
    const at = secondsAt(arrival)
    if (at >= end) break
    const open = planned.filter(({ from, seconds }) => at >= markAt(from) && at < markAt(from) + seconds)
    for (const { termination } of tracker.observe(event, new Date(arrival).toISOString())) {
      if (termination.container !== nodeContainer) continue
      const output = termination.exitCode === 2 ? previousLog : ''
      const { verdict, incident } = judgeExit(termination, { network, lastHeight: 1_038, output })
      const windows = open.map(({ window }) => disruptions.open({ ...window, network }))
      const explained = windows.some(({ window }) => explains(window, incident))
      for (const window of windows) window.close()
      const { node, kind, source, planName, height } = verdict
      if (!explained) found.push({ at, node, kind, source, planName, height })
    }
  }
  return found
}

const operations: readonly Planned[] = [
  {
    from: 'delete-pod-four-rpc-0-0',
    seconds: 45,
    window: { node: 'four-rpc-0', kind: 'task', reason: 'restartPod' },
  },
  { from: 'kill9-four-3', seconds: 10, window: { node: 'four-3', kind: 'fault', reason: 'kill' } },
  {
    from: 'update-image-four-rpc-0',
    seconds: 60,
    window: { node: 'four-rpc-0', kind: 'image', reason: 'updateImage' },
  },
  { from: 'restart-seid', seconds: 20, window: { node: 'four-rpc-1', kind: 'task', reason: 'restartSeid' } },
]

const upgrade: Planned = {
  from: 'votes-done',
  seconds: 500,
  window: { kind: 'upgrade', reason: 'networkUpgrade kr-up' },
}

const later: readonly Planned[] = [
  {
    from: 'bad-image-four-rpc-1',
    seconds: 200,
    window: { node: 'four-rpc-1', kind: 'image', reason: 'bad' },
  },
  { from: 'pause-four-rpc-0', seconds: 80, window: { node: 'four-rpc-0', kind: 'pause', reason: 'pause' } },
]

describe('the recorded pods of a real network', () => {
  test('behavior: with a window for everything that was done, nothing in them is a loss', () => {
    expect(losses([...operations, upgrade, ...later])).toEqual([])
  })

  test('error: the upgrade halt is one in the second of the first death, and says which plan', () => {
    const [first] = losses(operations)
    expect(first).toMatchObject({
      kind: 'upgrade-required',
      source: 'stderr',
      planName: 'kr-up',
      height: 1_039,
    })
    // 13:49:02, by the kubelets; whoever polled saw it two seconds later.
    expect(first?.at).toBeGreaterThan(461)
    expect(first?.at).toBeLessThan(463)
    expect(first?.at).toBeLessThan(markAt('halt-first-dead-seen'))
  })

  test('error: a window of another kind does not hide the upgrade halt', () => {
    const task: Planned = { ...upgrade, window: { kind: 'task', reason: 'restartSeid' } }
    expect(losses([...operations, task])[0]).toMatchObject({ kind: 'upgrade-required' })
  })

  test.for<[string, string, string]>([
    ['delete-pod-four-rpc-0-0', 'four-rpc-0', 'stopped'],
    ['kill9-four-3', 'four-3', 'killed'],
    ['update-image-four-rpc-0', 'four-rpc-0', 'stopped'],
    ['restart-seid', 'four-rpc-1', 'stopped'],
  ])('error: without its window %s is the end of %s within 2 s, %s', ([mark, node, kind]) => {
    const [first] = losses(operations.filter(({ from }) => from !== mark))
    expect(first).toMatchObject({ node, kind })
    expect((first?.at ?? 0) - markAt(mark)).toBeGreaterThan(0)
    expect((first?.at ?? 0) - markAt(mark)).toBeLessThan(2)
  })
})

/** Feeds the recording to the gates' view of one node; when, in seconds, it settled which way. */
async function replayGate(
  node: string,
  founded: boolean,
): Promise<{ running?: number; terminal?: [number, string] }> {
  const fed = {
    networks: createFedWatch<SeiNetwork>(),
    nodes: createFedWatch<SeiNode>(),
    pods: createFedWatch<Pod>(),
    events: createFedWatch<KubeEvent>(),
  }
  let now = 0
  const waits = new Set<{ due: number; fn: () => void }>()
  const time: Time = {
    now: () => now * 1_000,
    after: (ms, fn) => {
      const wait = { due: now * 1_000 + ms, fn }
      waits.add(wait)
      return () => waits.delete(wait)
    },
  }
  const context = {
    watches: { of: () => fed },
    budget: readinessBudgets.kind,
    time,
  } as unknown as ClientContext
  const watch = createPhaseWatch(context, { name: node, namespace: 'kr', ...(founded ? { network } : {}) })
  const seen: { running?: number; terminal?: [number, string] } = {}
  const never = new AbortController().signal
  void watch.waitRunning(never, () => {}).then(() => (seen.running = now))
  void watch.terminal(never).then((cause) => (seen.terminal = [now, cause]))
  const feeds = [
    ...feedOf(networks, fed.networks),
    ...feedOf(recordedWatch<SeiNode>('seinodes'), fed.nodes),
    ...feedOf(recordedPods(), fed.pods),
  ]
  for (const { at, feed } of feeds.toSorted((a, b) => a.at - b.at)) {
    now = secondsAt(at)
    if (now >= markAt('delete-net-and-followers')) break
    for (const wait of waits) if (wait.due <= time.now() && waits.delete(wait)) wait.fn()
    feed()
    // Whoever waits looks in a microtask, and settles in the next.
    await new Promise(setImmediate)
  }
  return seen
}

function feedOf<T extends KubeObject>(
  events: readonly RecordedEvent<T>[],
  watch: { feed(event: RecordedEvent<T>['event']): void },
): { at: number; feed: () => void }[] {
  return events.map(({ at, event }) => ({ at, feed: () => watch.feed(event) }))
}

describe('the gates over the recorded objects of a real network', () => {
  test.for<[string, boolean, number]>([
    ['four-0', true, 31.1],
    ['four-1', true, 35.9],
    ['four-2', true, 35.9],
    ['four-3', true, 31],
    ['four-rpc-0', false, 57.4],
    ['four-rpc-1', false, 52.2],
  ])('behavior: %s passes the phase gate in the recorded second', async ([node, founded, second]) => {
    const { running, terminal } = await replayGate(node, founded)
    expect(Math.abs((running ?? 0) - second)).toBeLessThan(1)
    // Everything that looked bad before the halt healed by itself; the third crash after it does not.
    expect(terminal?.[0]).toBeGreaterThan(462)
    expect(terminal?.[0]).toBeLessThan(500)
    expect(terminal?.[1]).toMatch(/container seid crashed \d times, last with exit code 2/)
  })
})
