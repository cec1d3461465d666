import type { Era } from './crds/eras.ts'

/** Docker labels of our image, each with a part of its fingerprint. `dist/fingerprint.json` holds all of them. */
export const imageLabels = {
  /** Schemas of the Sei kinds, one hash for each era: `head=<hash>,june=<hash>`. */
  definitions: 'io.sei.definitions',
  /** Templates of the scenarios that are in the image: `load-test=<hash>,…`. */
  templates: 'io.sei.templates',
  /** Rights that the steps and their caller need. */
  rights: 'io.sei.rights',
  /** Commit of the controller whose definitions these are. */
  controller: 'io.sei.controller',
} as const

/** Commit of sei-k8s-controller that the definitions of each era were taken from. */
export const controllerCommits: Readonly<Record<Era, string>> = {
  head: '2d670ad80697a4f052212930dee53c70050504f4',
  june: '1cc206c36b1323d7cc03cdaf44406a9c8b82d71b',
}

/** What an image of ours was built with. Hashes are SHA-256, lower-case hex. */
export interface Fingerprint {
  readonly definitions: Readonly<Record<Era, string>>
  /** By scenario; those of node tasks under `node-tasks`. */
  readonly templates: Readonly<Record<string, string>>
  readonly rights: string
  readonly controller: string
}

/** What can disagree; these are the names that `--allow-drift` takes. */
export const driftNames = [
  'definitions',
  'templates',
  'scenario-ref',
  'controller',
  'caller-rights',
  'task-rights',
] as const
export type DriftName = (typeof driftNames)[number]

/** One comparison that was made. */
export interface FingerprintRow {
  readonly name: DriftName
  readonly agrees: boolean
  readonly expected: string
  readonly found: string
  /** Of `controller`: the image that runs, as it was read or told. */
  readonly image?: string | undefined
  /** Left out where there is nothing to mend. */
  readonly fix?: string | undefined
  /** Was allowed by name: recorded, and goes on. */
  readonly allowed: boolean
}

export interface FingerprintReport {
  readonly rows: readonly FingerprintRow[]
  /** Drift that was found and allowed. */
  readonly allowedDrift: readonly DriftName[]
  /** Drift that was found and not allowed: nothing may be applied. */
  readonly drift: readonly DriftName[]
}
