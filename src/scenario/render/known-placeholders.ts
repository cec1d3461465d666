import type { PlaceholderType } from './placeholder-types.ts'

/** One placeholder of a scenario: what it takes, and what it holds where no value is given. */
export interface Placeholder {
  readonly type: PlaceholderType
  readonly default?: string | undefined
  /** Of a chain id: the id is this and the run id. */
  readonly prefix?: string | undefined
  /** The commit in the tag of the image that this other placeholder holds. */
  readonly commitOf?: string | undefined
}

export type PlaceholderList = ReadonlyMap<string, Placeholder>

/** Names that mean the same in every scenario; whoever declares one of them without a type gets this. */
const wellKnown: Readonly<Record<string, Placeholder>> = {
  SEI_WORKFLOW_RUN_ID: { type: 'slug' },
  SEI_NAMESPACE: { type: 'slug' },
  SEI_CHAIN_ID: { type: 'chainId', prefix: 'sei-' },
  SEITASK_IMAGE: { type: 'image' },
  SEID_IMAGE: { type: 'image' },
  SEI_PRE_UPGRADE_IMG: { type: 'image' },
  SEI_POST_UPGRADE_IMG: { type: 'image' },
  RELEASE_TEST_IMAGE: { type: 'image' },
  SEILOAD_IMAGE: { type: 'image' },
  SEILOAD_PROFILE: { type: 'text' },
  SEILOAD_COMMIT_ID: { type: 'text', commitOf: 'SEID_IMAGE' },
  DURATION_MINUTES: { type: 'integer' },
  SEI_UPGRADE_NAME: { type: 'text' },
}

/** Whoever runs a scenario always knows these two. */
export const runPlaceholders = ['SEI_WORKFLOW_RUN_ID', 'SEI_NAMESPACE'] as const

const shared = [...runPlaceholders, 'SEI_CHAIN_ID', 'SEITASK_IMAGE']

/**
 * Placeholders of the Sei controller's own three scenarios, whose files declare none. A file cannot be asked: the shell
 * programs in it have variables of their own.
 */
const upstream: Readonly<
  Record<
    string,
    { readonly prefix: string; readonly names: readonly string[]; readonly fastestRate?: number }
  >
> = {
  'release-test': { prefix: 'rel-', names: ['SEID_IMAGE', 'RELEASE_TEST_IMAGE'] },
  'load-test': {
    prefix: 'bench-',
    names: ['SEID_IMAGE', 'SEILOAD_IMAGE', 'SEILOAD_COMMIT_ID', 'SEILOAD_PROFILE', 'DURATION_MINUTES'],
  },
  'major-upgrade': {
    prefix: 'upgrade-',
    names: ['SEI_PRE_UPGRADE_IMG', 'SEI_POST_UPGRADE_IMG', 'SEI_UPGRADE_NAME'],
    // A minute of voting has to be long enough for the processes that vote.
    fastestRate: 3,
  },
}

/** What `annotations.fastestRate` would say in a file that says nothing. */
export function knownFastestRate(scenario: string): number | undefined {
  return upstream[scenario]?.fastestRate
}

/** A placeholder by its name alone. */
export function placeholderNamed(name: string): Placeholder {
  return wellKnown[name] ?? { type: 'text' }
}

/** The list of a scenario whose file declares none. */
export function knownPlaceholders(scenario: string): PlaceholderList {
  const { prefix = 'sei-', names = [] } = upstream[scenario] ?? {}
  const list = new Map([...shared, ...names].map((name) => [name, placeholderNamed(name)]))
  return list.set('SEI_CHAIN_ID', { type: 'chainId', prefix })
}
