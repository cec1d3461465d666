import { imageTag, versionPattern } from '../settings.ts'
import type { SeidConfig } from '../types.ts'

/** What a node's binary has of its own. */
export interface Binary {
  /** It has a handler for every release up to this one, numbers of its name in order; empty: for none. */
  readonly upTo: readonly number[]
  /** Further upgrades that it has a handler for. */
  readonly names: readonly string[]
  /** Heights at which a due upgrade is passed over. */
  readonly skips: readonly number[]
  readonly survives: boolean
  /** From this block on its blocks have other hashes than everybody's. */
  readonly forksAt: number
}

/** Newest upgrade that the release knows which the simulation was recorded from; images without a version are that one. */
const baseVersion: readonly number[] = [6, 7]

/** The binary of an image: its tag's version, what was ordered beside it, or what the environment puts in the place of both. */
export function binaryOf({ image, faults, upgradeVersionList }: SeidConfig): Binary {
  const rest = {
    skips: faults.skippedUpgrades ?? [],
    survives: faults.survivesUpgrade === true,
    forksAt: faults.forkAtHeight ?? Number.POSITIVE_INFINITY,
  }
  if (upgradeVersionList !== undefined && upgradeVersionList !== '')
    return { upTo: [], names: upgradeVersionList.split(',').map((name) => name.trim()), ...rest }
  return { upTo: versionOf(imageTag(image)) ?? baseVersion, names: faults.upgradeHandlers ?? [], ...rest }
}

export function hasHandler({ upTo, names }: Binary, upgrade: string): boolean {
  const version = /^v?\d+(\.\d+)*$/.test(upgrade) ? numbersOf(upgrade) : undefined
  return names.includes(upgrade) || (version !== undefined && upTo.length > 0 && compare(version, upTo) <= 0)
}

function versionOf(tag: string): readonly number[] | undefined {
  const name = versionPattern.exec(tag)?.[0]
  return name === undefined ? undefined : numbersOf(name)
}

function numbersOf(version: string): number[] {
  return version.replace(/^v/, '').split('.').map(Number)
}

/** Missing parts are zero: `v3` is `v3.0.0`. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
