import { describe, expect, test } from 'vitest'
import { defaults } from './defaults.ts'
import { resolveSpec } from './resolve-spec.ts'
import type { PluginOptions, ResolvedSpec } from './spec.ts'

function resolved(plugin: PluginOptions, docblock?: unknown): ResolvedSpec {
  const checked = resolveSpec(plugin, docblock, 'a.test.ts')
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

describe('resolveSpec', () => {
  test('default: 4 validators and 2 followers with what seid needs to start, and nothing else', () => {
    const config = { 'storage.state_commit.write_mode': 'memiavl_only' }
    expect(resolved({})).toEqual({
      network: { validators: 4, image: defaults.image, config, genesis: {}, accounts: [] },
      followers: { count: 2, image: defaults.image, config },
      exclusive: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('behavior: a docblock merges plain objects at every depth and replaces lists', () => {
    const { network } = resolved(
      {
        network: {
          validators: 3,
          config: { 'a.b': '1', 'a.c': '1' },
          genesis: { x: { deep: { p: 1 } }, y: [1, 2] },
        },
      },
      { network: { config: { 'a.c': '2' }, genesis: { x: { deep: { q: 2 } }, y: [3] } } },
    )
    expect(network.validators).toBe(3)
    expect(network.config).toEqual({ ...defaults.config, 'a.b': '1', 'a.c': '2' })
    expect(network.genesis).toEqual({ x: { deep: { p: 1, q: 2 } }, y: [3] })
  })

  test('behavior: a number of followers in a docblock keeps the plugin’s other follower options', () => {
    const { followers } = resolved({ followers: { count: 2, image: 'sei/seid:next' } }, { followers: 5 })
    expect(followers).toMatchObject({ count: 5, image: 'sei/seid:next' })
  })

  test('behavior: a key of the user wins over the default configuration', () => {
    const config = { 'storage.state_commit.write_mode': 'dual_write' }
    expect(resolved({ network: { config } }).network.config).toEqual(config)
  })

  test('behavior: followers run the image of the network unless they name one', () => {
    expect(resolved({ network: { image: 'sei/seid:v7' } }).followers.image).toBe('sei/seid:v7')
    expect(resolved({ network: { image: 'a' }, followers: { image: 'b' } }).followers.image).toBe('b')
  })

  test('behavior: equal specs have one hash, however they are written', () => {
    const one = resolved({ network: { config: { a: '1', b: '2' } }, followers: 3 })
    const other = resolved(
      { followers: 2 },
      { followers: { count: 3 }, network: { config: { b: '2', a: '1' } } },
    )
    expect(other.hash).toBe(one.hash)
    expect(resolved({ followers: 4 }).hash).not.toBe(one.hash)
  })

  test.for([
    [{ isolation: 'file' }, true],
    [{ isolation: 'shared' }, false],
    [{ tasks: true }, true],
    [{ tasks: false }, false],
    [{ faults: {} }, true],
    [{ workflow: { name: 'upgrade' } }, true],
  ] as const)('behavior: %j asks for an exclusive lease: %s', ([options, exclusive]) => {
    const spec = resolved({}, options)
    expect(spec.exclusive).toBe(exclusive)
    expect(spec.hash, 'the hash is that of the network alone').toBe(resolved({}).hash)
  })

  test.for([
    [1, 0],
    [1, 2],
    [3, 0],
    [3, 1],
    [100, 100],
  ])('behavior: %i validators with %i followers can pass the gates', ([validators, followers]) => {
    expect(resolveSpec({ network: { validators: validators ?? 0 }, followers: followers ?? 0 }).ok).toBe(true)
  })

  test('behavior: a docblock may put right what the plugin’s options alone could not run', () => {
    expect(resolved({ network: { validators: 1 }, followers: 1 }, { followers: 0 }).followers.count).toBe(0)
  })

  test('behavior: keys that name a prototype change nothing', () => {
    const docblock: unknown = JSON.parse(
      '{"network":{"config":{"__proto__":"x"},"genesis":{"__proto__":{"polluted":1}}}}',
    )
    resolveSpec({ network: { genesis: { a: {} } } }, docblock)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
