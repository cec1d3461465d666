import {
  driftNames,
  type DriftName,
  type FingerprintReport,
  type FingerprintRow,
} from '../../contract/fingerprint.ts'
import type { Time } from '../../contract/time.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { compareController, compareScenarioRef } from './compare-images.ts'
import { compareDefinitions } from './compare-definitions.ts'
import { compareCallerRights, compareTaskRights } from './compare-rights.ts'
import { compareTemplates } from './compare-templates.ts'

export interface FingerprintOptions {
  readonly kube: KubeClient
  /** Of the run. */
  readonly namespace: string
  readonly source: ScenarioSource
  /** Image of the steps; left out where the scenario names none. */
  readonly seitaskImage?: string | undefined
  /** Says which controller runs, where its Deployment may not be read. */
  readonly controllerImage?: string | undefined
  /** The cluster's controllers, and its steps whatever their image, are this package's own. */
  readonly simulated: boolean
  /** Differences that are let pass, and recorded. */
  readonly allowDrift: readonly DriftName[]
  /** Unique part of the name of a Workflow that asks for rights from within, where nobody else may ask. */
  readonly runId: string
  readonly time?: Time | undefined
  readonly signal?: AbortSignal | undefined
}

/** One comparison before it is known whether its outcome was allowed. */
export type Comparison = Omit<FingerprintRow, 'name' | 'allowed'>

/**
 * Compares what this package, its steps' image and the scenario were made for with what the cluster has. Nothing of the
 * scenario is applied; one Workflow of a single Task is, and is deleted again, where the rights of the account of Task
 * pods can only be told by a pod. Throws KUBE_REQUEST where the API server fails, not where it forbids.
 */
export async function checkFingerprint(options: FingerprintOptions): Promise<FingerprintReport> {
  const compare: Readonly<Record<DriftName, () => Comparison | Promise<Comparison>>> = {
    definitions: () => compareDefinitions(options),
    templates: () => compareTemplates(options),
    'scenario-ref': () => compareScenarioRef(options),
    controller: () => compareController(options),
    'caller-rights': () => compareCallerRights(options),
    'task-rights': () => compareTaskRights(options),
  }
  const allowed = new Set(options.allowDrift)
  const rows = await Promise.all(
    driftNames.map(async (name): Promise<FingerprintRow> => {
      const compared = await compare[name]()
      return { name, ...compared, allowed: !compared.agrees && allowed.has(name) }
    }),
  )
  const differing = rows.filter(({ agrees }) => !agrees)
  return {
    rows,
    allowedDrift: differing.filter((row) => row.allowed).map(({ name }) => name),
    drift: differing.filter((row) => !row.allowed).map(({ name }) => name),
  }
}
