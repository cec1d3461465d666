import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { decideOutcome, type Outcome } from '../../contract/exit-codes.ts'
import type { DriftName } from '../../contract/fingerprint.ts'
import { annotations } from '../../contract/labels.ts'
import type { ScenarioRun } from '../../contract/scenario.ts'
import { errorText } from '../../errors/error-text.ts'
import { usageError } from '../../errors/sei-error.ts'
import { createRedactor } from '../../evidence/redact.ts'
import { outcomeOfRun } from '../../evidence/report/headline.ts'
import { RunLog } from '../../evidence/report/run-log.ts'
import { writeReport } from '../../evidence/report/write-report.ts'
import type { BucketStore } from '../../evidence/upload/bucket-store.ts'
import { claimRun, type RunClaim } from '../../evidence/upload/claim.ts'
import { openBucket } from '../../evidence/upload/open-bucket.ts'
import type { UploadResult } from '../../evidence/upload/send-report.ts'
import { uploadRun } from '../../evidence/upload/upload-run.ts'
import { checkFingerprint } from '../fingerprint/check-fingerprint.ts'
import { refuseDrift } from '../fingerprint/drift-table.ts'
import { grantTaskRights } from '../fingerprint/grant-task-rights.ts'
import { renderScenario } from '../render/render-scenario.ts'
import type { RenderedScenario } from '../render/rendered-scenario.ts'
import { newScenarioRunId } from '../render/run-names.ts'
import { readScenario } from '../source/read-scenario.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import type { ScenarioCluster, ScenarioOrder } from './order.ts'
import { Recorder } from './recorder.ts'
import { runScenario } from './run-scenario.ts'

export interface CarriedOut {
  readonly run: ScenarioRun
  /** What decides its exit code. */
  readonly outcome: Outcome
  readonly folder: string
  readonly upload?: UploadResult | undefined
}

/** Ms that an upload may take once the run was cancelled, and that claiming the run id may take before there is one. */
const hurriedMs = 60_000

/**
 * Carries a scenario out: fetch, substitute, apply, watch, capture, tear-down, ship. Throws only before anything is applied:
 * BAD_INPUT, SCENARIO_FETCH, PREFLIGHT_FAILED, RUN_ID_TAKEN, UPLOAD_FAILED, SCENARIO_APPLY, RUN_CANCELLED, and what opening
 * the cluster throws.
 */
export async function carryOut(order: ScenarioOrder): Promise<CarriedOut> {
  return await new Carrier(order).run()
}

interface Prepared {
  readonly cluster: ScenarioCluster
  readonly rendered: RenderedScenario
  readonly folder: string
  readonly allowedDrift: readonly DriftName[]
  readonly controllerImage: string | undefined
}

class Carrier {
  readonly #order: ScenarioOrder
  readonly #runId: string
  readonly #nonce = randomUUID()
  readonly #log = new RunLog()
  readonly #secrets: Set<string>
  readonly #store: BucketStore | undefined
  /** By what it calls itself: a path may have been asked for. */
  #scenario: string | undefined

  constructor(order: ScenarioOrder) {
    this.#order = {
      ...order,
      onEvent: (event) => {
        this.#log.add(event)
        order.onEvent?.(event)
      },
      onNotice: (line) => {
        this.#log.add({ event: 'notice', line })
        order.onNotice?.(line)
      },
    }
    this.#runId = order.runId ?? newScenarioRunId()
    this.#secrets = order.secrets ?? new Set()
    this.#store = order.bucket === undefined ? undefined : openBucket(order.bucket)
  }

  async run(): Promise<CarriedOut> {
    try {
      const recorder = this.#recorder()
      const source = await recorder.stage('fetch', () => readScenario(this.#order.source))
      this.#scenario = source.origin.scenario
      const prepared = await recorder.stage('substitute', () => this.#prepare(source))
      const run = await this.#runPrepared(prepared, source, recorder)
      return await this.#ship(run, prepared.folder)
    } finally {
      this.#store?.close()
    }
  }

  #recorder(stages: ScenarioRun['stages'] = []): Recorder {
    const redactor = createRedactor([...this.#secrets])
    return new Recorder({ stages, onEvent: this.#order.onEvent }, { redactor })
  }

  /** Everything that can be wrong without an object in the cluster, the scenario first: a cluster may take time to be there. */
  async #prepare(source: ScenarioSource): Promise<Prepared> {
    const { open, namespace = 'default', signal } = this.#order
    const { fastestRate } = this.#render(source, { namespace, simulated: true }).rendered
    const cluster = await open(fastestRate)
    signal?.throwIfAborted()
    if (!cluster.simulated && this.#store === undefined) throw noBucket()
    const { rendered, folder } = this.#render(source, cluster)
    if (cluster.simulated) await grantTaskRights(cluster.kube, cluster.namespace)
    this.#warnOfPace(cluster, fastestRate)
    const found = await this.#compare(cluster, source, rendered)
    await this.#claim()
    return { cluster, rendered, folder, ...found }
  }

  #warnOfPace({ rate = 1 }: ScenarioCluster, fastestRate: number | undefined): void {
    if (fastestRate === undefined || rate <= fastestRate) return
    this.#order.onNotice?.(
      `the cluster's clock runs ${rate} times as fast, and the steps of ${this.#scenario} keep up with ${fastestRate}: ` +
        `what they wait for may be over before they look`,
    )
  }

  /** On a simulated cluster the steps' image is this package by name; on a real one somebody has to say where it is. */
  #render(
    source: ScenarioSource,
    { namespace, simulated }: Pick<ScenarioCluster, 'namespace' | 'simulated'>,
  ): { rendered: RenderedScenario; folder: string } {
    const { vars, placeholders, guard, bucket, seitaskImage } = this.#order
    const folder = resolve(this.#order.folder(`${source.origin.scenario}-${this.#runId}`))
    const image = seitaskImage ?? (simulated ? 'seitask' : undefined)
    const rendered = renderScenario(source, {
      runId: this.#runId,
      vars,
      placeholders,
      guard,
      namespace,
      gateImage: seitaskImage,
      defaults: {
        // The steps' own report goes beside the run's where there is no bucket.
        S3_BUCKET: bucket?.bucket ?? `file:${folder}/steps`,
        ...(image === undefined ? {} : { SEITASK_IMAGE: image }),
      },
    })
    return { rendered, folder }
  }

  async #compare(
    cluster: ScenarioCluster,
    source: ScenarioSource,
    rendered: RenderedScenario,
  ): Promise<Pick<Prepared, 'allowedDrift' | 'controllerImage'>> {
    const { allowDrift = [], controllerImage, seitaskImage, signal, onNotice } = this.#order
    const report = await checkFingerprint({
      kube: cluster.kube,
      namespace: cluster.namespace,
      source,
      seitaskImage: rendered.vars['SEITASK_IMAGE'] ?? seitaskImage,
      controllerImage,
      simulated: cluster.simulated,
      allowDrift,
      runId: this.#runId,
      signal,
    })
    refuseDrift(report)
    if (report.allowedDrift.length > 0)
      onNotice?.(`drift that is let pass: ${report.allowedDrift.join(', ')}`)
    const running = report.rows.find(({ name }) => name === 'controller')?.image
    return { allowedDrift: report.allowedDrift, controllerImage: running ?? controllerImage }
  }

  /** Taken before anything is applied: whose run id it is must not come out at the end of the run. */
  async #claim(): Promise<void> {
    if (this.#store === undefined) return
    const { signal } = this.#order
    const late = AbortSignal.timeout(hurriedMs)
    await claimRun(
      this.#store,
      this.#claimOf(false, new Date().toISOString()),
      signal === undefined ? late : AbortSignal.any([signal, late]),
    )
  }

  #claimOf(terminal: boolean, takenAt: string): RunClaim {
    const { source, prefix } = this.#order
    const scenario = this.#scenario ?? source.scenario
    return {
      scenario,
      runId: this.#runId,
      nonce: this.#nonce,
      prefix,
      writer: 'workflow-run',
      terminal,
      takenAt,
    }
  }

  async #runPrepared(prepared: Prepared, source: ScenarioSource, recorder: Recorder): Promise<ScenarioRun> {
    const { cluster, rendered, folder, allowedDrift, controllerImage } = prepared
    const { trigger, harness } = this.#order
    return await runScenario({
      ...this.#order,
      cluster,
      rendered,
      folder,
      origin: source.origin,
      secrets: this.#secrets,
      stages: recorder.stages,
      annotations: { [annotations.runNonce]: this.#nonce },
      about: {
        nonce: this.#nonce,
        cluster: cluster.describe(),
        trigger,
        harness,
        controllerImage,
        allowedDrift,
      },
    })
  }

  /** The report is written in any case; that it could not be sent is part of it. */
  async #ship(run: ScenarioRun, folder: string): Promise<CarriedOut> {
    const recorder = this.#recorder(run.stages)
    const { signal, onNotice } = this.#order
    const redactor = createRedactor([...this.#secrets])
    const now = (): ScenarioRun => ({ ...run, stages: recorder.stages, finishedAt: run.finishedAt })
    try {
      const upload = await recorder.stage('ship', async () => {
        await this.#log.write(folder, redactor)
        await writeReport(now(), folder, redactor)
        if (this.#store === undefined) return undefined
        return await uploadRun(this.#store, folder, this.#claimOf(true, run.finishedAt), {
          secrets: [...this.#secrets],
          onNotice,
          budgetMs: signal?.aborted === true ? hurriedMs : undefined,
        })
      })
      return { run: now(), outcome: outcomeOfRun(run), folder, upload }
    } catch (error) {
      const what = errorText(error)
      const outcomes = [...run.outcomes, { outcome: 'noVerdict' as const, what }]
      const shipped = { ...now(), outcomes }
      await writeReport(shipped, folder, redactor).catch(() => undefined)
      return { run: shipped, outcome: decideOutcome([outcomeOfRun(run), 'noVerdict']), folder }
    }
  }
}

function noBucket(): Error {
  return usageError([
    {
      what: 'no bucket is named',
      where: '--bucket',
      expected: 'where the report of a run on real nodes goes: a bucket of S3, or file:<folder>',
      fix: 'write --bucket my-reports',
    },
  ])
}
