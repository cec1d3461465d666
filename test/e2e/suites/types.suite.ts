/** What users' compilers see; checked by install.test.ts against the installed package, by `npm run types` against dist. */
import { expectTypeOf, inject } from 'vitest'
import { defineConfig } from 'vitest/config'
import environment from 'vitest-environment-sei'
import { open, type OpenedClient, type Seal } from 'vitest-environment-sei/client'
import { startEmbedded } from 'vitest-environment-sei/embedded'
import { sei, type PluginOptions } from 'vitest-environment-sei/plugin'
import SeiReporter from 'vitest-environment-sei/reporter'
import {
  isSeiError,
  test,
  type Admin,
  type Endpoints,
  type Evidence,
  type LeasedNetwork,
  type NodeHandle,
  type SeiClient,
  type SeiError,
} from 'vitest-environment-sei/test'

test('fixtures', async ({ network, followers, endpoints, sei, admin, evidence, task, signal }) => {
  expectTypeOf(network).toEqualTypeOf<LeasedNetwork>()
  expectTypeOf(network.signal).toEqualTypeOf<AbortSignal>()
  expectTypeOf(network.latestHeight()).resolves.toBeNumber()
  expectTypeOf(followers).toEqualTypeOf<readonly NodeHandle[]>()
  expectTypeOf(endpoints).toEqualTypeOf<Endpoints>()
  expectTypeOf(endpoints.evmJsonRpc).toEqualTypeOf<string | undefined>()
  expectTypeOf(sei).toEqualTypeOf<SeiClient>()
  expectTypeOf(admin).toEqualTypeOf<Admin>()
  expectTypeOf(admin.privateKey()).toEqualTypeOf<`0x${string}`>()
  expectTypeOf(evidence).toEqualTypeOf<Evidence>()
  expectTypeOf(task.name).toBeString()
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
  expectTypeOf(network.object?.status?.phase).not.toBeAny()
  // @ts-expect-error a deletion needs a permit
  await network.delete()
  // @ts-expect-error a validator's endpoints are read, not set
  network.endpoints = endpoints
})

// @ts-expect-error there is no such fixture
test('unknown fixture', ({ netwrk }) => netwrk)

test
  .extend('head', { scope: 'file' }, async ({ network }) => network.latestHeight())
  .extend('next', ({ head }) => head + 1)('own fixtures', ({ head, next }) => {
  expectTypeOf(head).toBeNumber()
  expectTypeOf(next).toBeNumber()
})

test.for([{ validators: 1 }])('cases', ({ validators }, { network }) => {
  expectTypeOf(validators).toBeNumber()
  expectTypeOf(network).toEqualTypeOf<LeasedNetwork>()
})

test('provided by the plugin', () => {
  expectTypeOf(inject('vitest-environment-sei')).toEqualTypeOf<{
    readonly url: string
    readonly token: string
    readonly project: string
  } | null>()
})

test('errors', () => {
  const error: unknown = new Error('any')
  if (isSeiError(error)) expectTypeOf(error).toEqualTypeOf<SeiError>()
  if (isSeiError(error)) expectTypeOf(error.code).toExtend<string>()
})

test('options', () => {
  const options: PluginOptions = {
    network: { validators: 4, config: { 'evm.http_enabled': 'true' }, accounts: [] },
    followers: { count: 2, namespace: 'other' },
    maxNetworks: 2,
    embedded: { rate: 50 },
  }
  defineConfig({ plugins: [sei(), sei(options), sei({ followers: 3 })], test: { environment: 'sei' } })
  // @ts-expect-error an option that is none
  sei({ folowers: 3 })
  // @ts-expect-error a number, not its text
  sei({ network: { validators: '4' } })
  // @ts-expect-error values of config are text
  sei({ network: { config: { 'evm.http_enabled': true } } })
  // @ts-expect-error one of two words
  sei({ isolation: 'test' })
})

test('the other doors', () => {
  expectTypeOf(open).returns.resolves.toEqualTypeOf<OpenedClient>()
  expectTypeOf(open).parameter(0).toExtend<{ mode?: string } | undefined>()
  expectTypeOf(startEmbedded).returns.resolves.toHaveProperty('kubeconfigPath')
  expectTypeOf(environment.name).toEqualTypeOf<'sei'>()
  expectTypeOf(new SeiReporter()).toHaveProperty('onInit')
  // @ts-expect-error only a capture makes a seal
  const seal: Seal = { kind: 'seal', folder: '', manifestSha256: '', sealedAt: '', items: 0, missing: [] }
  return seal
})
