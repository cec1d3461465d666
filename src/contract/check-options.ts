import { json, list, object, record } from './check-structures.ts'
import { accept, flag, integer, isPlainObject, oneOf, text, anyText, type Check } from './checks.ts'
import { accounts, config, followerCount, genesis, image, namespace, validators } from './fields.ts'
import { haltOptions } from './check-halt-options.ts'
import { clockKinds } from './embedded.ts'
import { modes } from './modes.ts'
import type { Checked } from './problem.ts'
import type { FollowerOptions, PluginOptions, RunOptions, SpecOptions } from './spec.ts'

const network = object<NonNullable<SpecOptions['network']>>({
  validators,
  image,
  config,
  genesis,
  accounts,
  sidecarImage: image,
})

const followerObject = object<FollowerOptions>({ count: followerCount, image, config, namespace })

const followers: Check<number | FollowerOptions> = (value, where) =>
  isPlainObject(value) ? followerObject(value, where) : followerCount(value, where)

const settings = record(anyText, json)

/** `true`, or settings of the feature. Naming it at all is what asks for an exclusive lease. */
const feature: Check<boolean | Record<string, unknown>> = (value, where) =>
  isPlainObject(value) ? settings(value, where) : flag(value, where)

const specShape = {
  network,
  followers,
  isolation: oneOf(['shared', 'file']),
  tasks: feature,
  faults: feature,
  workflow: feature,
} as const

const filledText = (noun: string): Check<string> => text({ noun })
const positiveMs = integer(1, undefined, ' of milliseconds')

const runShape = {
  mode: oneOf(modes),
  namespace,
  context: filledText('the name of a kubeconfig context'),
  allowContexts: list(filledText('the name of a kubeconfig context')),
  maxNetworks: integer(1),
  haltRun: flag,
  runFolder: filledText('a folder'),
  readiness: object<NonNullable<RunOptions['readiness']>>({ phaseMs: positiveMs, gateMs: positiveMs }),
  watchdog: object<NonNullable<RunOptions['watchdog']>>({ enabled: flag, stallMs: positiveMs }),
  halts: haltOptions,
  embedded: object<NonNullable<RunOptions['embedded']>>({
    rate: integer(1, 1_000),
    blockMs: integer(10, 60_000, ' of milliseconds'),
    clock: oneOf(clockKinds),
    definitions: filledText('an era or a folder'),
    images: record(filledText('an image'), list(filledText('a word of a command'), 1)),
  }),
} as const

/** Names of the options that are one for the whole run. */
export const runOptionNames = Object.keys(runShape) as readonly (keyof RunOptions)[]

const pluginOptions = object<PluginOptions>({ ...specShape, ...runShape })

const runOptionHints = Object.fromEntries(
  runOptionNames.map((key) => [
    key,
    'this is an option of the whole run: set it in sei(…) of the Vitest config',
  ]),
)

const specOptions = object<SpecOptions>(specShape, { hints: runOptionHints })

/** The argument of `sei(…)`; left out, it is `{}`. Types and bounds only: what the options mean together is judged by `resolveSpec`. */
export function checkPluginOptions(options: unknown): Checked<PluginOptions> {
  return options === undefined ? accept({}) : pluginOptions(options, 'options')
}

/** What a docblock may set: the spec, not the run. */
export function checkSpecOptions(options: unknown, where: string): Checked<SpecOptions> {
  return specOptions(options, where)
}
