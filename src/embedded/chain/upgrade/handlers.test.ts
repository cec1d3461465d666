import { expect, test } from 'vitest'
import { genesisOf } from '../../../../test/helpers/seid-chain.ts'
import type { SeidConfig } from '../types.ts'
import { binaryOf, hasHandler } from './handlers.ts'

function binary(image: string, extra: Partial<SeidConfig> = {}): ReturnType<typeof binaryOf> {
  return binaryOf({
    moniker: 'n',
    mode: 'full',
    home: { nodeId: '', height: 0 },
    genesis: genesisOf([1]),
    persistentPeers: [],
    config: {},
    image,
    listen: { host: '127.0.0.1' },
    faults: {},
    ...extra,
  })
}

test.for([
  ['sei/seid:v3', 'v3', true],
  ['sei/seid:v3', 'v2.9.1', true],
  ['sei/seid:v3', 'v3.0.1', false],
  ['reg:5000/sei/seid:v6.10.0', 'v6.9', true],
  ['sei/seid:6.6.2', 'v6.6', true],
  ['sei/seid:v6.6.2-rc1--stay-alive', 'v6.7', false],
  ['sei/seid:dev', 'v6.7', true],
  ['sei/seid:dev', 'v6.8', false],
  ['sei/seid', 'v6.7', true],
  ['sei/seid@sha256:v9', 'v6.8', false],
  ['sei/seid:v9', 'kr-up', false],
] as const)('default: %s and the upgrade %s: %s', ([image, upgrade, has]) => {
  expect(hasHandler(binary(image), upgrade)).toBe(has)
})

test('behavior: orders add upgrades, the environment replaces them all', () => {
  const ordered = { upgradeHandlers: ['kr-up'] }
  expect(hasHandler(binary('sei/seid:v2', { faults: ordered }), 'kr-up')).toBe(true)
  const replaced = binary('sei/seid:v2', { faults: ordered, upgradeVersionList: 'v1, v-next' })
  expect(['v1', 'v-next', 'v2', 'kr-up'].map((name) => hasHandler(replaced, name))).toEqual([
    true,
    true,
    false,
    false,
  ])
})
