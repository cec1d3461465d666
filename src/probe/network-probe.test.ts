import { afterEach, expect, test } from 'vitest'
import { startRecordedSeid, type RecordedSeid, type SeidState } from '../../test/helpers/recorded-seid.ts'
import { createNetworkProbe, quorumHeight, type NetworkProbe } from './network-probe.ts'
import { createNodeProbe } from './node-probe.ts'

const open: RecordedSeid[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function network(...validators: Partial<SeidState>[]): Promise<NetworkProbe> {
  const nodes = await Promise.all(validators.map((state) => startRecordedSeid(state)))
  open.push(...nodes)
  const probes = nodes.map(({ endpoints }, ordinal) => {
    const name = `net-${ordinal}`
    return { name, ...createNodeProbe({ name, endpoints: async () => endpoints, waitMs: 1_000 }) }
  })
  return createNetworkProbe('net', probes, 200)
}

test('default: the height is the highest that more than two thirds of the power have reached', async () => {
  const probe = await network({ height: 9 }, { height: 8 }, { height: 7 }, { height: 3 })
  expect(await probe.latestHeight()).toBe(7)
})

test('behavior: power counts, not the number of validators', () => {
  const heavy = [
    { height: 9, power: 70 },
    { height: 5, power: 10 },
    { height: 5, power: 20 },
  ]
  expect(quorumHeight(heavy, 100)).toBe(9)
  expect(quorumHeight([{ height: 4, power: 2 }], 3)).toBeUndefined()
})

test('behavior: one silent validator of four leaves a quorum, two do not', async () => {
  const probe = await network({ height: 9 }, { height: 8 }, { height: 7 }, { height: 6 })
  await open[0]?.close()
  expect(await probe.latestHeight()).toBe(6)
  await open[1]?.close()
  await expect(probe.latestHeight()).rejects.toMatchObject({
    code: 'PROBE_FAILED',
    message: expect.stringMatching(/net-0.*net-1|net-1.*net-0/),
  })
})

test('error: a height that does not come times out with the last one seen', async () => {
  const probe = await network({ height: 5 })
  await expect(probe.waitHeight(6, { timeoutMs: 500 })).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    message: expect.stringMatching(/net to reach height 6.*height 5/),
  })
})

test('behavior: an advance is counted from the first height seen', async () => {
  const probe = await network({ height: 5 })
  const [node] = open
  if (node === undefined) throw new Error('no node')
  node.beforeStatus = () => {
    node.state.height += 1
  }
  expect(await probe.waitHeightAdvances(3, { timeoutMs: 20_000 })).toBe(9)
})
