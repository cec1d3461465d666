import type { SeidFaults } from './chain/types.ts'

/**
 * Faults and features that a test orders for simulated nodes, by image tag or annotation. Grammar and effects: docs/faults.md.
 *
 *   image:      <repository>:<tag>--<word>[.on-<ordinal>][--<word>…]
 *   annotation: <word>[.on-<ordinal>][,<word>…]
 */
export const faultNames = [
  'ceremony-fails',
  'never-pulls',
  'crash-loops',
  'never-caught-up',
  'evm-never-binds',
  'status-flaps',
  'unschedulable',
  'survives-upgrade',
  'halt-contract',
  'stay-alive',
  'halt-strings',
  'halt-null',
] as const
type NameWithArguments =
  | 'app-hash-differs-at'
  | 'exits'
  | 'forks-at'
  | 'freezes-at'
  | 'halts-at'
  | 'has'
  | 'intends'
  | 'panics'
  | 'skips-upgrade-at'
  | 'zombie-at'

/** Words with arguments, as regular expressions whose groups are fields of the order. */
const patterns: Readonly<Record<NameWithArguments, RegExp>> = {
  'halts-at': /^halts-at-(?<height>\d+)$/,
  'forks-at': /^forks-at-(?<height>\d+)$/,
  'freezes-at': /^freezes-at-(?<height>\d+)$/,
  'zombie-at': /^zombie-at-(?<height>\d+)$/,
  'app-hash-differs-at': /^app-hash-differs-at-(?<height>\d+)$/,
  'skips-upgrade-at': /^skips-upgrade-at-(?<height>\d+)$/,
  has: /^has-(?<plan>.+)$/,
  exits: /^exits-(?<code>1?\d?\d|2[0-4]\d|25[0-5])-at-(?<height>\d+)$/,
  intends: /^intends-(?<code>[78]\d)-at-(?<height>\d+)(?:-for-(?<plan>.+))?$/,
  panics: /^panics-(?<code>7[012])-at-(?<height>\d+)(?:-for-(?<plan>.+))?$/,
}
export type FaultName = (typeof faultNames)[number] | NameWithArguments

export interface Fault {
  readonly name: FaultName
  /** The block that it is about. */
  readonly height?: number
  /** Exit code, or reason of a halt. */
  readonly code?: number
  /** Name of an upgrade. */
  readonly plan?: string
  /** The one node of the group that is hit; left out: all of them. */
  readonly ordinal?: number
}

export interface ParsedFaults {
  readonly faults: readonly Fault[]
  /** Words that look like an order but are none: a misspelt fault must not pass for a healthy node. */
  readonly unknown: readonly string[]
}

/** What is ordered for one pod, with ordinals already applied. */
export interface PodFaults {
  readonly ceremonyFails: boolean
  readonly neverPulls: boolean
  readonly crashLoops: boolean
  readonly unschedulable: boolean
  readonly seid: SeidFaults
}

const ordinalSuffix = /\.on-(\d+)$/

/** Reads the orders in an image reference and in the annotation `embedded.sei.io/faults`. */
export function parseFaults(image: string, annotation = ''): ParsedFaults {
  const words = [...wordsOfImage(image), ...wordsOfAnnotation(annotation)]
  const faults: Fault[] = []
  const unknown: string[] = []
  for (const word of words) {
    const fault = parseWord(word)
    if (fault === undefined) unknown.push(word)
    else faults.push(fault)
  }
  return { faults, unknown }
}

/** The orders that hit the node with `ordinal`; a node without one (undefined) is hit by orders that name none. */
export function faultsFor(faults: readonly Fault[], ordinal: number | undefined): PodFaults {
  const hit = faults.filter((fault) => fault.ordinal === undefined || fault.ordinal === ordinal)
  const has = (name: FaultName): boolean => hit.some((fault) => fault.name === name)
  return {
    ceremonyFails: has('ceremony-fails'),
    neverPulls: has('never-pulls'),
    crashLoops: has('crash-loops'),
    unschedulable: has('unschedulable'),
    seid: {
      neverCaughtUp: has('never-caught-up'),
      evmNeverBinds: has('evm-never-binds'),
      statusFlaps: has('status-flaps'),
      survivesUpgrade: has('survives-upgrade'),
      haltContract: has('halt-contract'),
      staysAlive: has('stay-alive'),
      haltStrings: has('halt-strings'),
      haltNull: has('halt-null'),
      ...ordersWithArguments(hit),
    },
  }
}

/** Of each kind the first counts. Without an order its key is absent, so that no default stops a chain. */
function ordersWithArguments(hit: readonly Fault[]): SeidFaults {
  const first = (name: FaultName): Fault | undefined => hit.find((fault) => fault.name === name)
  const heights = {
    haltAtHeight: first('halts-at')?.height,
    freezeAtHeight: first('freezes-at')?.height,
    forkAtHeight: first('forks-at')?.height,
    zombieAtHeight: first('zombie-at')?.height,
    appHashDiffersAtHeight: first('app-hash-differs-at')?.height,
  }
  const exit = first('exits')
  const halt = first('intends') ?? first('panics')
  const plans = (name: FaultName): Fault[] => hit.filter((fault) => fault.name === name)
  return {
    ...Object.fromEntries(Object.entries(heights).filter(([, height]) => height !== undefined)),
    ...(exit === undefined ? {} : { exit: { code: exit.code ?? 0, height: exit.height ?? 0 } }),
    ...(halt === undefined ? {} : { halt: orderedHalt(halt) }),
    upgradeHandlers: plans('has').map(({ plan = '' }) => plan),
    skippedUpgrades: plans('skips-upgrade-at').map(({ height = 0 }) => height),
  }
}

function orderedHalt({ name, code = 0, height = 0, plan = '' }: Fault): NonNullable<SeidFaults['halt']> {
  return { reason: code, height, plan, isIntent: name === 'intends' }
}

/** Ordinal of a node by its name's last part: `net-2` and `net-rpc-2` are both 2. */
export function ordinalOf(node: string): number | undefined {
  const match = /-(\d+)$/.exec(node)
  return match === null ? undefined : Number(match[1])
}

function wordsOfImage(image: string): string[] {
  const name = image.slice(image.lastIndexOf('/') + 1).split('@')[0] ?? ''
  const colon = name.indexOf(':')
  if (colon < 0) return []
  return name
    .slice(colon + 1)
    .split('--')
    .slice(1)
}

function wordsOfAnnotation(annotation: string): string[] {
  return annotation
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function parseWord(word: string): Fault | undefined {
  const suffix = ordinalSuffix.exec(word)
  const name = suffix === null ? word : word.slice(0, suffix.index)
  const target = suffix === null ? {} : { ordinal: Number(suffix[1]) }
  const known = faultNames.find((known) => known === name)
  if (known !== undefined) return { name: known, ...target }
  for (const [named, pattern] of Object.entries(patterns)) {
    const groups = pattern.exec(name)?.groups
    if (groups === undefined) continue
    const { height, code, plan } = groups
    return {
      name: named as NameWithArguments,
      ...(height === undefined ? {} : { height: Number(height) }),
      ...(code === undefined ? {} : { code: Number(code) }),
      ...(plan === undefined ? {} : { plan }),
      ...target,
    }
  }
  return undefined
}
