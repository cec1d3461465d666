/** The many ways to want a network, on one that never gets ready; run, and expected to fail, by not-ready.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest-environment-sei/test'

const ran: string[] = []
beforeAll(() => {
  ran.push('beforeAll')
})
afterAll(() => {
  expect(ran).toEqual(['beforeAll', 'needs nothing'])
})

const custom = test
  .extend('head', { scope: 'file' }, async ({ network }) => network.latestHeight())
  .extend('next', ({ head }) => head + 1)
const objects = custom.extend<{ wallet: string }>({
  wallet: async ({ admin }, use) => {
    await use(admin.address)
  },
})

test('needs nothing', () => {
  ran.push('needs nothing')
})

test('wants the network', async ({ network }) => {
  ran.push(network.name)
})

describe('nested', () => {
  describe('twice', () => {
    custom('wants a fixture made of a fixture', ({ next }) => {
      ran.push(String(next))
    })
    objects('wants one of the object form', ({ wallet }) => {
      ran.push(wallet)
    })
  })
})

test.for([1, 2])('wants it for case %i', (at, { followers }) => {
  ran.push(`${at} ${followers.length}`)
})

test('wants it again on retry', { retry: 2 }, ({ endpoints }) => {
  ran.push(endpoints.tendermintRpc)
})

describe('with a hook', () => {
  beforeAll(() => {
    ran.splice(1)
    ran.push('needs nothing')
  })
  test('wants it concurrently', { concurrent: true }, ({ evidence, sei }) => {
    ran.push(evidence.folder, sei.mode)
  })
})
