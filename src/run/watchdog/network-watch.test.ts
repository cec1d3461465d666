import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { startRecordedSeid, type RecordedSeid, type SeidState } from '../../../test/helpers/recorded-seid.ts'
import type { Termination } from '../../contract/halts.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { realTime } from '../../contract/time.ts'
import { createNodeProbe } from '../../probe/node-probe.ts'
import { createDisruptions, type Disruptions } from '../disruptions.ts'
import type { Loss } from './loss.ts'
import { NetworkWatch } from './network-watch.ts'
import { createVerdicts, type Verdicts } from './verdicts.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

interface Watched {
  readonly seids: readonly RecordedSeid[]
  readonly watch: NetworkWatch
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  /** The first loss. */
  readonly lost: Promise<Loss>
  readonly losses: readonly Loss[]
}

/** Four validators and a follower that serves REST, on loopback; each `advance` gives them a block every 20 ms. */
async function watched(...states: Partial<SeidState>[]): Promise<Watched> {
  return watchedWith(async () => 0, states)
}

/** The same, where a fresh look at the pods finds what `refresh` tells. */
async function watchedWith(
  refresh: (watch: NetworkWatch) => Promise<number>,
  states: readonly Partial<SeidState>[],
): Promise<Watched> {
  const seids = await Promise.all(
    [0, 1, 2, 3, 4].map((n) => startRecordedSeid({ height: 394, ...states[n] })),
  )
  const nodes = seids.map(({ endpoints }, ordinal) => {
    const name = ordinal === 4 ? 'net-rpc-0' : `net-${ordinal}`
    const role = ordinal === 4 ? 'node' : 'validator'
    return { name, role, ...createNodeProbe({ name, endpoints: async () => endpoints, waitMs: 1_000 }) }
  }) as unknown as readonly NodeHandle[]
  const stop = new AbortController()
  const disruptions = createDisruptions()
  const verdicts = createVerdicts()
  const { promise: lost, resolve } = Promise.withResolvers<Loss>()
  const losses: Loss[] = []
  const watch = new NetworkWatch({
    network: 'net',
    nodes: () => nodes,
    patience: {
      everyMs: 20,
      perNodeMs: 1,
      promptMs: 1_000,
      probeMs: 1_000,
      blockMs: 20,
      stallMs: () => 1_500,
      quorumMs: () => 100,
    },
    time: realTime,
    disruptions,
    verdicts,
    signal: stop.signal,
    refresh: () => refresh(watch),
    onLoss: (loss) => {
      losses.push(loss)
      resolve(loss)
    },
  })
  const ended = watch.run()
  cleanUps.push(() => Promise.all(seids.map((seid) => seid.close())))
  cleanUps.push(() => {
    stop.abort()
    return ended
  })
  return { seids, watch, disruptions, verdicts, lost, losses }
}

function advance(seids: readonly RecordedSeid[]): void {
  const timer = setInterval(() => {
    for (const { state } of seids) state.height += 1
  }, 20)
  cleanUps.push(() => clearInterval(timer))
}

function end(of: Partial<Termination>): Termination {
  return {
    namespace: 'ns',
    node: 'net-1',
    pod: 'net-1-0',
    podUid: 'u',
    container: 'seid',
    seenAt: '2026-11-21T13:00:00Z',
    restartCount: 0,
    ...of,
  }
}

test.for([
  { reason: 70, height: 395 },
  { reason: '70', height: '395' },
])('error: an announced halt is one at the first look: %j', async (numbers) => {
  const { lost, verdicts } = await watched({}, { haltIntent: { ...numbers, plan_name: 'v9' } })
  expect(await lost).toMatchObject({
    cause: 'halt',
    node: 'net-1',
    verdict: { kind: 'upgrade-required', source: 'halt_intent', planName: 'v9', height: 395 },
  })
  await sleep(60)
  expect(verdicts.of('net')).toHaveLength(1)
})

test('error: votes of half the power are a lost quorum', async () => {
  const lostQuorum = { consensus: 'quorum lost' } as const
  const { lost } = await watched(lostQuorum, lostQuorum, lostQuorum, lostQuorum)
  expect(await lost).toMatchObject({
    cause: 'quorum',
    height: 394,
    verdict: { kind: 'quorum-lost', source: 'chain' },
  })
})

test('error: an end that a hanging watch has hidden is the better reason for a lost quorum', async () => {
  const lostQuorum = { consensus: 'quorum lost' } as const
  const { lost } = await watchedWith(
    async (watch) => {
      void watch.ended(
        end({ exitCode: 2 }),
        sleep(300).then(() => 'panic: nil'),
      )
      return 1
    },
    [lostQuorum, lostQuorum, lostQuorum, lostQuorum],
  )
  expect(await lost).toMatchObject({ cause: 'exit', node: 'net-1', verdict: { kind: 'crash', exitCode: 2 } })
})

test('error: survivors one block before a due plan are halted for it', async () => {
  const lostQuorum = { consensus: 'quorum lost' } as const
  const plan = { name: 'v9', height: '395' }
  const { lost } = await watched(lostQuorum, lostQuorum, lostQuorum, lostQuorum, { plan })
  expect(await lost).toMatchObject({
    verdict: { kind: 'upgrade-required', reason: 70, source: 'chain', planName: 'v9', height: 395 },
  })
})

test('error: blocks of one height with two hashes are a fork', async () => {
  const { lost } = await watched({ blockHash: 'AAAA' }, { blockHash: 'AAAA' }, { blockHash: 'BBBB' })
  expect(await lost).toMatchObject({
    cause: 'fork',
    height: 394,
    says: expect.stringMatching(/net-\d has BBBB/),
  })
})

test('error: a node that answers no more while the network goes on', async () => {
  const { seids, lost } = await watched()
  advance(seids)
  await seids[4]?.close()
  expect(await lost).toMatchObject({
    cause: 'follower',
    node: 'net-rpc-0',
    says: expect.stringContaining('refuses connections'),
  })
})

test('behavior: a window for the node explains its silence, and when it closes time begins anew', async () => {
  const { seids, disruptions, losses, lost } = await watched()
  advance(seids)
  const window = disruptions.open({ network: 'net', node: 'net-rpc-0', kind: 'task', reason: 'restartPod' })
  await seids[4]?.close()
  await sleep(2_500)
  expect(losses).toEqual([])
  window.close()
  await sleep(500)
  expect(losses).toEqual([])
  expect(await lost).toMatchObject({ cause: 'follower', node: 'net-rpc-0' })
})

test('error: the end of a container is a loss with what its log says', async () => {
  const { watch, lost, seids } = await watched()
  advance(seids)
  const log = 'UPGRADE "v9" NEEDED at height: 395: \npanic: …'
  await watch.ended(
    end({ exitCode: 2, reason: 'Error', finishedAt: '2026-11-21T12:59:59Z' }),
    Promise.resolve(log),
  )
  expect(await lost).toMatchObject({
    cause: 'exit',
    node: 'net-1',
    since: '2026-11-21T12:59:59Z',
    verdict: { kind: 'upgrade-required', source: 'stderr' },
  })
})

test('behavior: an end whose log is gone is one all the same', async () => {
  const { watch, lost, seids } = await watched()
  advance(seids)
  await watch.ended(end({ exitCode: 1 }), Promise.resolve(undefined))
  expect(await lost).toMatchObject({ cause: 'exit', verdict: { kind: 'crash', exitCode: 1 } })
})

test('behavior: helpers of a pod, and nodes of others, end without a loss', async () => {
  const { watch, losses, seids } = await watched()
  advance(seids)
  await watch.ended(end({ container: 'sei-sidecar', exitCode: 1 }), Promise.resolve(''))
  await watch.ended(end({ node: 'other-0', exitCode: 1 }), Promise.resolve(''))
  expect(losses).toEqual([])
})

test('behavior: an end under a window is told to those who wait for it, and is no loss, until the window closes', async () => {
  const { watch, losses, lost, disruptions, verdicts, seids } = await watched()
  advance(seids)
  const halts = { kinds: ['upgrade-required'], height: 395 } as const
  const window = disruptions.open({ network: 'net', kind: 'user', reason: 'expectHalt', halts })
  const log = Promise.resolve('UPGRADE "v9" NEEDED at height: 395: ')
  await watch.ended(end({ exitCode: 2 }), log)
  expect(losses).toEqual([])
  expect(verdicts.of('net')).toMatchObject([{ kind: 'upgrade-required', height: 395 }])
  window.close()
  await watch.ended(
    end({ exitCode: 2, node: 'net-2' }),
    Promise.resolve('UPGRADE "v9" NEEDED at height: 400: '),
  )
  expect(await lost).toMatchObject({ cause: 'exit', node: 'net-2', height: 400 })
})

test('behavior: an end of which only the code is known is not held against a window of its node', async () => {
  const { watch, losses, disruptions, seids } = await watched()
  advance(seids)
  disruptions.open({ network: 'net', kind: 'upgrade', reason: 'networkUpgrade' })
  await watch.ended(end({ exitCode: 2 }), Promise.resolve(undefined))
  expect(losses).toEqual([])
  await watch.ended(end({ exitCode: 2 }), Promise.resolve('panic: runtime error'))
  expect(losses).toMatchObject([{ node: 'net-1', verdict: { kind: 'crash' } }])
})

test('error: a window of one node does not explain the death of another, nor another cause', async () => {
  const { watch, losses, disruptions, seids } = await watched()
  advance(seids)
  disruptions.open({ network: 'net', node: 'net-1', kind: 'task', reason: 'restartSeid' })
  await watch.ended(end({ exitCode: 143 }), Promise.resolve(''))
  expect(losses).toEqual([])
  await watch.ended(end({ node: 'net-2', exitCode: 143 }), Promise.resolve(''))
  await watch.ended(end({ exitCode: 1 }), Promise.resolve('Error: store is corrupt'))
  expect(losses).toMatchObject([
    { node: 'net-2', verdict: { kind: 'stopped' } },
    { node: 'net-1', verdict: { kind: 'crash' }, says: expect.stringContaining('store is corrupt') },
  ])
})
