import type { SeidFaults } from './chain/types.ts'

/**
 * Faults that a test orders for simulated nodes, by image tag or annotation. Grammar and effects: docs/faults.md.
 *
 *   image:      <repository>:<tag>--<fault>[.on-<ordinal>][--<fault>…]
 *   annotation: <fault>[.on-<ordinal>][,<fault>…]
 */
export const faultNames = [
  'ceremony-fails',
  'never-pulls',
  'crash-loops',
  'never-caught-up',
  'evm-never-binds',
  'status-flaps',
  'unschedulable',
] as const
export type FaultName = (typeof faultNames)[number] | 'halts-at'

export interface Fault {
  readonly name: FaultName
  /** Last height the chain commits; only `halts-at` has one. */
  readonly height?: number
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
const haltsAt = /^halts-at-(\d+)$/

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
  const halt = hit.find((fault) => fault.name === 'halts-at')?.height
  return {
    ceremonyFails: has('ceremony-fails'),
    neverPulls: has('never-pulls'),
    crashLoops: has('crash-loops'),
    unschedulable: has('unschedulable'),
    seid: {
      neverCaughtUp: has('never-caught-up'),
      evmNeverBinds: has('evm-never-binds'),
      statusFlaps: has('status-flaps'),
      ...(halt === undefined ? {} : { haltAtHeight: halt }),
    },
  }
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
  const halt = haltsAt.exec(name)
  if (halt !== null) return { name: 'halts-at', height: Number(halt[1]), ...target }
  const known = faultNames.find((known) => known === name)
  return known === undefined ? undefined : { name: known, ...target }
}
