import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { DriftName } from '../../src/contract/fingerprint.ts'
import { readScenario } from '../../src/scenario/source/read-scenario.ts'
import { carryOut, type CarriedOut } from '../../src/scenario/run/carry-out.ts'
import type { ScenarioCluster } from '../../src/scenario/run/order.ts'
import { images } from './cluster.ts'

export const scenarios = ['release-test', 'load-test', 'major-upgrade'] as const
export type Scenario = (typeof scenarios)[number]

/** Values of the placeholders, without the run's own. */
const varsOf: Readonly<Record<Scenario, Readonly<Record<string, string>>>> = {
  'release-test': { SEID_IMAGE: 'sei/seid:v6.6.0', RELEASE_TEST_IMAGE: `${images.releaseTest}:v1` },
  'load-test': {
    SEID_IMAGE: 'sei/seid:nightly-20260804-2d670ad',
    SEILOAD_IMAGE: `${images.seiload}:v1`,
    SEILOAD_PROFILE: 'nightly_evm_transfer',
    DURATION_MINUTES: '1',
  },
  'major-upgrade': {
    SEI_PRE_UPGRADE_IMG: 'sei/seid:v6.6.0',
    SEI_POST_UPGRADE_IMG: 'sei/seid:v6.7.0',
    SEI_UPGRADE_NAME: 'v6.7.0',
  },
}

export interface RunRequest {
  readonly cluster: ScenarioCluster
  readonly scenario: Scenario
  readonly runId: string
  readonly guard: boolean
  /** Holds copies of scenarios, run folders and the bucket. */
  readonly folder: string
  /** Changes the scenario's templates. */
  readonly change?: ((templates: Workflow['spec']['templates']) => void) | undefined
  readonly signal?: AbortSignal | undefined
  readonly allowDrift?: readonly DriftName[] | undefined
}

export function bucketOf(folder: string): string {
  return join(folder, 'bucket')
}

/** Carries a scenario out as `workflow-run` does, from the folder of this repository or from a changed copy of it. */
export async function runOnce(request: RunRequest): Promise<CarriedOut> {
  const { cluster, scenario, runId, guard, folder, change, signal, allowDrift } = request
  const path = change === undefined ? undefined : await changedCopy(folder, scenario, runId, change)
  return await carryOut({
    source: { scenario: path ?? scenario },
    vars: { ...varsOf[scenario], SEITASK_IMAGE: 'sei/seitask:dev' },
    runId,
    guard,
    namespace: cluster.namespace,
    open: async () => cluster,
    folder: (workflow) => join(folder, 'runs', workflow),
    bucket: { bucket: `file:${bucketOf(folder)}` },
    signal,
    allowDrift,
  })
}

async function changedCopy(
  folder: string,
  scenario: Scenario,
  runId: string,
  change: (templates: Workflow['spec']['templates']) => void,
): Promise<string> {
  const copy = join(folder, 'copies', runId, scenario)
  await mkdir(copy, { recursive: true })
  const original = join(import.meta.dirname, '../../scenarios', scenario)
  await cp(original, copy, { recursive: true, filter: (path) => !path.endsWith('.ts') })
  const { text } = await readScenario({ scenario })
  const workflow = parse(text) as Workflow
  change(workflow.spec.templates)
  await writeFile(join(copy, 'workflow.yaml'), stringify(workflow, { aliasDuplicateObjects: false }))
  return copy
}
