import { describe, expect, test as base } from 'vitest'
import { namesOf, observeTest } from './named-fixtures.ts'

const seen: string[][] = []
const observed = observeTest(base, (fixtures) => seen.push([...fixtures].toSorted()))

function last(): string[] | undefined {
  return seen.at(-1)
}

describe('namesOf', () => {
  const rows: [string, (...args: never[]) => unknown, string[]][] = [
    ['no parameter', () => 1, []],
    ['a plain parameter', (context: unknown) => context, []],
    ['one name', ({ network }: { network: unknown }) => network, ['network']],
    ['a renamed name', ({ network: net }: { network: unknown }) => net, ['network']],
    ['a defaulted name', ({ network = 1 }: { network?: unknown }) => network, ['network']],
    ['a nested pattern', ({ network: { name } }: { network: { name: string } }) => name, ['network']],
    // The pattern is the case: comments within it are not names.
    ['comments', ({ /* followers, */ network }: { network: unknown }) => network, ['network']],
    ['a second parameter', (_: unknown, { network }: { network: unknown }) => network, ['network']],
    ['several', async ({ a, b }: { a: unknown; b: unknown }) => [a, b], ['a', 'b']],
  ]
  base.for(rows)('default: %s', ([, fn, names]) => {
    expect([...namesOf(fn)]).toEqual(names)
  })
})

describe('observeTest', () => {
  observed('default: a plain test names nothing', () => {
    expect(seen[0]).toEqual([])
  })

  const extended = observed
    .extend('network', () => 'a network')
    .extend('wallet', ({ network }) => `a wallet on ${network}`)

  extended('behavior: fixtures built on fixtures count', ({ wallet }) => {
    expect(wallet).toBe('a wallet on a network')
  })
  const afterExtended = last()
  extended.for([1, 2])('behavior: .for passes its case first, %i', (_, { network }) => {
    expect(network).toBe('a network')
  })
  const afterFor = last()
  extended.concurrent('behavior: a chain is still observed', ({ network }) => {
    expect(network).toBe('a network')
  })
  const afterChain = last()
  const object = observed.extend<{ purse: string }>({
    purse: async ({}, use) => {
      await use('a purse')
    },
  })
  object('behavior: the object form extends too', ({ purse }) => {
    expect(purse).toBe('a purse')
  })
  const afterObject = last()

  base('default: what was named is what was reported', () => {
    expect(afterExtended).toEqual(['network', 'wallet'])
    expect(afterFor).toEqual(['network'])
    expect(afterChain).toEqual(['network'])
    expect(afterObject).toEqual(['purse'])
  })
})
