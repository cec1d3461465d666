import { bech32 } from '@scure/base'
import { describe, expect, test } from 'vitest'
import { checkPluginOptions } from './check-options.ts'
import { checkNetworkSpec, checkNodeSpec } from './check-specs.ts'
import { parseDocblock } from './docblock.ts'
import { resolveMode } from './modes.ts'
import { describeProblem, type Checked } from './problem.ts'
import { resolveSpec } from './resolve-spec.ts'
import type { PluginOptions } from './spec.ts'

/** A malformed input, and what its one problem must say. */
interface Case {
  readonly input: string
  readonly checked: Checked<unknown>
  readonly where: string
  readonly what: RegExp
  readonly fix: RegExp
}

/** Put together, or Vitest would read the examples below as this file's own options. */
const mark = ['@vitest', 'environment', 'options'].join('-')
const file = `evm.test.ts ${mark}`
const address = bech32.encode('sei', bech32.toWords(new Uint8Array(20)))

function option(options: unknown, where: string, what: RegExp, fix: RegExp): Case {
  return {
    input: `options ${JSON.stringify(options) ?? String(options)}`,
    checked: checkPluginOptions(options),
    where,
    what,
    fix,
  }
}

function merged(plugin: PluginOptions, docblock: unknown, where: string, what: RegExp, fix: RegExp): Case {
  const checked = resolveSpec(plugin, docblock, 'evm.test.ts')
  return { input: `${JSON.stringify(plugin)} and ${JSON.stringify(docblock)}`, checked, where, what, fix }
}

function docblock(comment: string, what: RegExp, fix: RegExp): Case {
  const text = comment.replace('@options', mark)
  return { input: `docblock ${comment}`, checked: parseDocblock(text, 'evm.test.ts'), where: file, what, fix }
}

function network(spec: unknown, where: string, what: RegExp, fix: RegExp): Case {
  return { input: `network ${JSON.stringify(spec)}`, checked: checkNetworkSpec(spec), where, what, fix }
}

function node(spec: object, where: string, what: RegExp, fix: RegExp): Case {
  const checked = checkNodeSpec({ name: 'n', network: 'net', ...spec })
  return { input: `node ${JSON.stringify(spec)}`, checked, where, what, fix }
}

function env(variables: Record<string, string>, where: string, what: RegExp, fix: RegExp): Case {
  const checked = resolveMode(undefined, variables)
  return { input: `env ${JSON.stringify(variables)}`, checked, where, what, fix }
}

const funded = (account: object): object => ({
  network: { accounts: [{ address, balance: '1usei', ...account }] },
})

const cases: readonly Case[] = [
  option(null, 'options', /null is not an object/, /\{ … \}/),
  option('embedded', 'options', /"embedded" is not an object/, /\{ … \}/),
  option({ validators: 4 }, 'options', /unknown key "validators"/, /remove it/),
  option({ netwrok: {} }, 'options', /unknown key "netwrok"/, /did you mean network\?/),
  option({ network: { Validators: 4 } }, 'options.network', /unknown key "Validators"/, /mean validators\?/),
  option({ network: [] }, 'options.network', /a list of 0 is not an object/, /\{ … \}/),
  option({ network: { validators: 0 } }, 'options.network.validators', /0 is out of range/, /1 or more/),
  option({ network: { validators: 101 } }, 'options.network.validators', /101 is out/, /100 or less/),
  option({ network: { validators: 2 } }, 'options.network.validators', /two validators never/, /1 or 3/),
  option(
    { network: { validators: '4' } },
    'options.network.validators',
    /"4" is a string/,
    /drop the quotes/,
  ),
  option(
    { network: { validators: 1.5 } },
    'options.network.validators',
    /not a whole number/,
    /whole number/,
  ),
  option({ network: { validators: Number.NaN } }, 'options.network.validators', /NaN is not/, /whole number/),
  option({ network: { image: '' } }, 'options.network.image', /the string is empty/, /leave it out/),
  option({ network: { image: 'sei/seid: dev' } }, 'options.network.image', /not an image/, /without spaces/),
  option({ network: { image: 7 } }, 'options.network.image', /7 is not a string/, /in quotes/),
  option(
    { network: { image: 'x'.repeat(513) } },
    'options.network.image',
    /has 513 characters/,
    /shorten it by 1/,
  ),
  option(
    { network: { config: { 'evm.http_enabled': true } } },
    'options.network.config["evm.http_enabled"]',
    /true is not a string/,
    /write "true"/,
  ),
  option(
    { network: { config: { evm: { http_enabled: 'true' } } } },
    'options.network.config.evm',
    /nested below a key/,
    /one dotted key/,
  ),
  option(
    { network: { config: { 'evm..x': 'a' } } },
    'options.network.config["evm..x"]',
    /dotted/,
    /section\.name/,
  ),
  option(
    { network: { genesis: { 'Staking.params': 1 } } },
    'options.network.genesis["Staking.params"]',
    /not a dotted genesis path/,
    /snake_case/,
  ),
  option(
    { network: { genesis: { 'gov.x': () => 1 } } },
    'options.network.genesis["gov.x"]',
    /a function cannot be written as JSON/,
    /JSON value/,
  ),
  option(
    { network: { genesis: { 'gov.x': [1, new Date()] } } },
    'options.network.genesis["gov.x"][1]',
    /a class instance cannot be written as JSON/,
    /JSON value/,
  ),
  option(funded({ address: `${address}x` }), 'options.network.accounts[0].address', /checksum/, /again/),
  option(funded({ address: '0x1234' }), 'options.network.accounts[0].address', /not a Sei/, /sei1 form/),
  option(funded({ balance: '5' }), 'options.network.accounts[0].balance', /not an amount/, /1000000usei/),
  option(
    { network: { accounts: [{ address }] } },
    'options.network.accounts[0]',
    /balance is missing/,
    /add/,
  ),
  option(
    funded({ vesting: { amount: '2usei', endTime: 1 } }),
    'options.network.accounts[0]',
    /locks more usei/,
    /raise balance/,
  ),
  option({ network: { accounts: {} } }, 'options.network.accounts', /not a list/, /brackets/),
  option({ followers: -1 }, 'options.followers', /-1 is out of range/, /0 or more/),
  option({ followers: true }, 'options.followers', /true is not a whole number/, /whole number/),
  option({ followers: { number: 2 } }, 'options.followers', /unknown key "number"/, /remove it/),
  option({ followers: { namespace: 'A_b' } }, 'options.followers.namespace', /not a namespace/, /lower-case/),
  option({ isolation: 'files' }, 'options.isolation', /"files" is not a known value/, /mean "file"\?/),
  option({ tasks: 'yes' }, 'options.tasks', /"yes" is not a boolean/, /true or false/),
  option({ faults: 'true' }, 'options.faults', /"true" is not a boolean/, /drop the quotes/),
  option({ mode: 'kindd' }, 'options.mode', /"kindd" is not a known value/, /mean "kind"\?/),
  option({ maxNetworks: 0 }, 'options.maxNetworks', /0 is out of range/, /1 or more/),
  option({ haltRun: 1 }, 'options.haltRun', /1 is not a boolean/, /true or false/),
  option({ allowContexts: 'prod' }, 'options.allowContexts', /"prod" is not a list/, /brackets/),
  option({ readiness: { phaseMs: 0 } }, 'options.readiness.phaseMs', /0 is out of range/, /1 or more/),
  option({ embedded: { rate: 5_000 } }, 'options.embedded.rate', /5000 is out of range/, /1000 or less/),
  option({ embedded: { blockMs: 1 } }, 'options.embedded.blockMs', /1 is out of range/, /10 or more/),

  merged(
    { network: { validators: 1 }, followers: 1 },
    undefined,
    'options',
    /never reports caught up/,
    /0 or 2/,
  ),
  merged({ network: { validators: 1 } }, { followers: 1 }, file, /never reports caught up/, /0 or 2/),
  merged({}, { network: { validators: 2 } }, `${file}.network.validators`, /two validators/, /1 or 3/),
  merged({}, { follower: 3 }, file, /unknown key "follower"/, /did you mean followers\?/),
  merged({}, { mode: 'kind' }, file, /unknown key "mode"/, /sei\(…\) of the Vitest config/),
  merged({}, [], file, /a list of 0 is not an object/, /\{ … \}/),

  docblock('// @options { followers: 3 }', /is not JSON/, /double quotes/),
  docblock('// @options {"followers":3,}', /is not JSON/, /no comma at the end/),
  docblock('/* @options 3 */', /3 is not an object/, /in braces/),
  docblock(
    '/**\n * @options {\n *   "followers": 3\n * }\n */',
    /does not end on its line/,
    /on the line of the comment/,
  ),
  docblock('// @options null', /null is not an object/, /in braces/),

  network({}, 'network spec', /name is missing/, /add name/),
  network(undefined, 'network spec', /undefined is not an object/, /\{ … \}/),
  network({ name: 'pacific-1' }, 'network spec.name', /public network/, /anything but/),
  network({ name: '1net' }, 'network spec.name', /"1net" is not a name/, /beginning with a letter/),
  network({ name: 'my.net' }, 'network spec.name', /"my.net" is not a name/, /hyphens/),
  network({ name: 'n'.repeat(51) }, 'network spec.name', /which has 53 characters/, /shorten the name by 1/),
  network({ name: 'n'.repeat(65) }, 'network spec.name', /has 65 characters/, /shorten it by 1/),
  network({ name: 'net', labels: { 'a b': 'c' } }, 'network spec.labels["a b"]', /not a label key/, /prefix/),
  network({ name: 'net', labels: { a: '-' } }, 'network spec.labels.a', /not a label value/, /annotations/),
  network(
    { name: 'net', deletionPolicy: 'delete' },
    'network spec.deletionPolicy',
    /"delete"/,
    /mean "Delete"/,
  ),

  node({ name: 'n'.repeat(53) }, 'node spec.name', /node name .* has 53 characters/, /shorten it by 1/),
  node({ network: 'atlantic-2' }, 'node spec.network', /public network/, /anything but/),
  node({ annotations: { a: 1 } }, 'node spec.annotations.a', /1 is not a string/, /write "1"/),
  node({ stateSync: {} }, 'node spec.stateSync', /rpcServers is missing/, /add rpcServers/),
  node({ stateSync: { rpcServers: ['a:1'] } }, 'node spec.stateSync.rpcServers', /list has 1/, /add 1/),
  node(
    { stateSync: { rpcServers: ['a:1', 'a:1'] } },
    'node spec.stateSync.rpcServers',
    /twice/,
    /another node/,
  ),
  node(
    { stateSync: { rpcServers: ['a:1', 'http://b:1'] } },
    'node spec.stateSync.rpcServers[1]',
    /not a witness/,
    /bare host:port/,
  ),
  node(
    { stateSync: { rpcServers: ['a:1', 'b:65536'] } },
    'node spec.stateSync.rpcServers[1]',
    /not a witness/,
    /bare host:port/,
  ),

  env({ SEI_KIND: 'sei', SEI_DOCKER: '1' }, 'environment', /SEI_KIND and SEI_DOCKER are both set/, /unset/),
  env({ SEI_KIND: 'sei', RPC_TM_RPC: 'http://x' }, 'environment', /SEI_KIND and RPC_TM_RPC/, /unset/),
  env({ RPC_TM_RPC: 'http://$(HOST)' }, 'environment variable RPC_TM_RPC', /unexpanded reference/, /define/),
  env({ SEI_CHAIN_ID: '$(X)' }, 'environment variable SEI_CHAIN_ID', /unexpanded reference/, /define/),
  env({ CI: 'true' }, 'environment', /no mode is named, and CI is set/, /SEI_EMBEDDED=1/),
  env(
    { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
    'environment',
    /KUBERNETES_SERVICE_HOST/,
    /SEI_NODE_CLUSTER=1/,
  ),
]

describe('malformed input', () => {
  test.for(cases.map((malformed) => [malformed.input, malformed] as const))('error: %s', ([, malformed]) => {
    const { checked, where, what, fix } = malformed
    expect(checked).toMatchObject({ ok: false, problems: [{}] })
    const [problem, ...others] = checked.ok ? [] : checked.problems
    expect(others).toEqual([])
    expect(problem).toEqual({
      where,
      what: expect.stringMatching(what),
      expected: expect.stringMatching(/\w/),
      fix: expect.stringMatching(fix),
    })
    expect(problem === undefined ? '' : describeProblem(problem)).not.toContain('\n')
  })

  test('behavior: at least 40 inputs are covered, no two alike', () => {
    expect(new Set(cases.map(({ input }) => input)).size).toBe(cases.length)
    expect(cases.length).toBeGreaterThanOrEqual(40)
  })

  test('behavior: several mistakes are reported at once, each in its place', () => {
    const checked = checkPluginOptions({ network: { validators: 2, image: '' }, followers: -1 })
    expect(checked.ok ? [] : checked.problems.map(({ where }) => where)).toEqual([
      'options.network.validators',
      'options.network.image',
      'options.followers',
    ])
  })
})
