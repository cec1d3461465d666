import { canonicalHash } from './canonical.ts'
import { checkPluginOptions, checkSpecOptions } from './check-options.ts'
import { isPlainObject, refuse } from './checks.ts'
import { defaults } from './defaults.ts'
import { docblockPlace } from './docblock.ts'
import type { Checked, Problem } from './problem.ts'
import type { FollowerOptions, PluginOptions, ResolvedSpec, SpecOptions } from './spec.ts'

/**
 * The spec of one test file: the plugin's options, the file's docblock merged over them, defaults for the rest. Plain
 * objects are merged, everything else is replaced (Vitest itself would replace the whole options). `followers: 3` means
 * `followers: { count: 3 }`, so a docblock can change the number and keep the plugin's image or config.
 *
 * Followers run the validators' image unless they name one. Never throws; problems of the docblock name `file`.
 */
export function resolveSpec(
  plugin: PluginOptions,
  docblock?: unknown,
  file = 'docblock',
): Checked<ResolvedSpec> {
  const where = docblockPlace(file)
  const base = checkPluginOptions(plugin)
  const over: Checked<SpecOptions> =
    docblock === undefined ? { ok: true, value: {} } : checkSpecOptions(docblock, where)
  if (!base.ok || !over.ok)
    return { ok: false, problems: [...(base.ok ? [] : base.problems), ...(over.ok ? [] : over.problems)] }
  const resolved = fill(mergeOptions(base.value, over.value))
  const problem = impassable(resolved.network.validators, resolved.followers.count)
  if (problem === undefined) return { ok: true, value: resolved }
  return refuse({ ...problem, where: setsSize(over.value) ? where : 'options' })
}

/** `over` merged over `base` as a docblock is over the plugin's options. */
export function mergeOptions(base: PluginOptions, over: PluginOptions): PluginOptions {
  return merge(normalise(base), normalise(over)) as PluginOptions
}

function normalise(options: SpecOptions): SpecOptions {
  return typeof options.followers === 'number'
    ? { ...options, followers: { count: options.followers } }
    : options
}

/** Plain objects are merged at every depth; anything else of `over` replaces what `base` has. */
function merge(base: unknown, over: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(over)) return over
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])]
  return Object.fromEntries(
    keys.map((key) => [
      key,
      Object.hasOwn(base, key) && Object.hasOwn(over, key)
        ? merge(base[key], over[key])
        : Object.hasOwn(over, key)
          ? over[key]
          : base[key],
    ]),
  )
}

function fill(options: SpecOptions): ResolvedSpec {
  const { network = {} } = options
  const followers = options.followers as FollowerOptions | undefined
  const image = network.image ?? defaults.image
  const shared = {
    network: {
      validators: network.validators ?? defaults.validators,
      image,
      config: { ...defaults.config, ...network.config },
      genesis: network.genesis ?? {},
      accounts: network.accounts ?? [],
      ...(network.sidecarImage === undefined ? {} : { sidecarImage: network.sidecarImage }),
    },
    followers: {
      count: followers?.count ?? defaults.followers,
      image: followers?.image ?? image,
      config: { ...defaults.config, ...followers?.config },
      ...(followers?.namespace === undefined ? {} : { namespace: followers.namespace }),
    },
  }
  return { ...shared, exclusive: isExclusive(options), hash: canonicalHash(shared) }
}

function isExclusive({ isolation, tasks, faults, workflow }: SpecOptions): boolean {
  return (
    isolation === 'file' || [tasks, faults, workflow].some((named) => named !== undefined && named !== false)
  )
}

/**
 * Leaving block sync takes two peers. A lone follower of a lone validator has one and reports `catching_up` for ever;
 * two followers learn of each other through the validator. Two validators are refused as a field of their own.
 */
function impassable(validators: number, followers: number): Omit<Problem, 'where'> | undefined {
  if (validators !== 1 || followers !== 1) return undefined
  return {
    what: 'one follower of one validator never reports caught up: it has one peer, and leaving block sync takes two',
    expected: 'with 1 validator no follower or at least 2; with 3 validators or more any number',
    fix: 'use 0 or 2 followers, or 3 or more validators',
  }
}

function setsSize({ network, followers }: SpecOptions): boolean {
  return network?.validators !== undefined || typeof followers === 'number' || followers?.count !== undefined
}
