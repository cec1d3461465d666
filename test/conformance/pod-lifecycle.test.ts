import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pods, seiNetworks } from '../../src/contract/kinds.ts'
import type { Pod } from '../../src/contract/objects.ts'
import { createClient } from '../../src/client/client.ts'
import { startEmbedded, type EmbeddedCluster } from '../../src/embedded.ts'
import { network } from '../helpers/sei-objects.ts'

/** What pods of a fresh network went through on a real cluster, in seconds since their creation. */
interface Recorded {
  readonly pod: string
  readonly milestones: Readonly<Record<string, number>>
}

const recorded = JSON.parse(
  readFileSync(new URL('../captures/kind-pods/milestones.json', import.meta.url), 'utf8'),
) as Recorded[]

/** The milestones that a status shows to be passed. */
function milestonesOf({ status }: Pod): string[] {
  const passed = [`phase ${status?.phase}`]
  for (const { type, status: value } of status?.conditions ?? [])
    if (type !== 'ContainersReady') passed.push(`${type} ${value}`)
  for (const one of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const { name, state, started, ready } = one
    if (state?.terminated !== undefined) passed.push(`${name} exit ${state.terminated.exitCode}`)
    if (name === 'seid-init') continue
    if (state?.running !== undefined) passed.push(`${name} running`)
    if (started === true) passed.push(`${name} started`)
    if (ready) passed.push(`${name} ready`)
  }
  return passed
}

/** Pairs that came one after the other in every recorded pod. */
function alwaysInOrder(): [before: string, after: string][] {
  const [first] = recorded
  const names = Object.keys(first?.milestones ?? {})
  return names.flatMap((before) =>
    names
      .filter((after) =>
        recorded.every(({ milestones }) => (milestones[before] ?? 0) < (milestones[after] ?? -1)),
      )
      .map((after): [string, string] => [before, after]),
  )
}

const hour = 3_600_000

describe('life of a validator’s pod', () => {
  let cluster: EmbeddedCluster
  /** Which status first showed each milestone, by pod. */
  const seen = new Map<string, Map<string, number>>()
  beforeAll(async () => {
    // At the pace of a real cluster, its waits leapt over: how busy the machine is decides nothing.
    cluster = await startEmbedded({ rate: 1, blockMs: 1_000, clock: 'virtual' })
    const watch = cluster.kube.watch<Pod>(pods)
    let count = 0
    watch.subscribe(({ type, object }) => {
      if (type === 'DELETED') return
      count += 1
      const first = seen.get(object.metadata.name) ?? new Map<string, number>()
      seen.set(object.metadata.name, first)
      for (const milestone of milestonesOf(object)) if (!first.has(milestone)) first.set(milestone, count)
    })
    await cluster.kube.apply(seiNetworks, network('paced'), { fieldManager: 'test' })
    const client = createClient(cluster)
    const enough = new AbortController()
    void client.advance(hour, enough.signal)
    await watch.waitFor(() => {
      const all = [...seen.values()]
      return all.length === 4 && all.every((first) => first.has('Ready True')) ? true : undefined
    })
    enough.abort()
    client.close()
  })
  afterAll(() => cluster.close())

  test('behavior: it passes the recorded milestones, and no others', () => {
    const expected = Object.keys(recorded[0]?.milestones ?? {}).sort()
    expect(expected.length).toBeGreaterThan(15)
    for (const [pod, first] of seen) expect([...first.keys()].sort(), pod).toEqual(expected)
  })

  test('behavior: what always came first on a real cluster does not come later here', () => {
    const pairs = alwaysInOrder()
    expect(pairs.length).toBeGreaterThan(100)
    const wrong = [...seen].flatMap(([pod, first]) =>
      pairs
        .filter(([before, after]) => (first.get(before) ?? 0) > (first.get(after) ?? 0))
        .map(([before, after]) => `${pod}: ${after} before ${before}`),
    )
    expect(wrong).toEqual([])
  })
})
