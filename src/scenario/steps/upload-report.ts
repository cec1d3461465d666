import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, workflows } from '../../contract/kinds.ts'
import { scenarioLabels } from '../../contract/labels.ts'
import { reportPrefix, runNonce, workflowSelector } from '../../contract/scenario-names.ts'
import { varKeys } from '../../contract/workflow-vars.ts'
import { isSeiError } from '../../errors/guards.ts'
import { toWire } from '../../errors/wire.ts'
import { createRedactor } from '../../evidence/redact.ts'
import { readRunSecrets } from '../../evidence/report/run-secrets.ts'
import { writeSnapshot, type WorkflowSnapshot } from '../../evidence/report/write-snapshot.ts'
import type { BucketTarget } from '../../evidence/upload/bucket-store.ts'
import type { RunClaim } from '../../evidence/upload/claim.ts'
import { openBucket } from '../../evidence/upload/open-bucket.ts'
import { uploadRun, type UploadOptions } from '../../evidence/upload/upload-run.ts'
import { infraFailure, taskFailure } from './exit-reason.ts'
import type { StepContext } from './step.ts'

export interface UploadReportOptions extends BucketTarget {
  /** Below which the objects lie. @default `nightly/<scenario>/<run id>` */
  readonly prefix?: string | undefined
}

/** Scenarios give this step five minutes, its pod's start included, ms. */
const budgetMs = 240_000

/**
 * Brings the Workflow, its nodes and the values of its steps to a bucket, as they are now, and then ends as EXIT_REASON says
 * that the steps before ended. A Workflow that is over by then has a later report: that one stays.
 */
export async function runUploadReport(step: StepContext, options: UploadReportOptions): Promise<void> {
  const takenAt = new Date().toISOString()
  const { identity, say } = step
  const store = openBucket({ ...options, env: step.env })
  try {
    const { workflow, ...snapshot } = await readSnapshot(step)
    if (workflow === undefined) return say(`Workflow ${identity.name} is gone: there is nothing to upload`)
    const claim = claimOf(workflow, options, takenAt)
    const secrets = await readRunSecrets(step.cluster.kube, identity, snapshot.vars)
    const result = await inFolder(async (folder) => {
      await writeSnapshot({ workflow, ...snapshot }, folder, createRedactor(secrets))
      const upload: UploadOptions = { secrets, budgetMs, signal: step.signal, onNotice: step.warn }
      return await uploadRun(store, folder, claim, upload)
    })
    say(
      result.state === 'complete'
        ? `uploaded ${result.sent} files to ${result.url}, ${result.kept} were there`
        : `${result.url} has a later report of this run: that one stays`,
    )
    endAs(snapshot.vars[varKeys.exitReason])
  } finally {
    store.close()
  }
}

async function readSnapshot({
  cluster,
  identity,
  vars,
}: StepContext): Promise<WorkflowSnapshot & { readonly vars: Readonly<Record<string, string>> }> {
  const { name, namespace } = identity
  const labelSelector = workflowSelector(name)
  const [workflow, nodes, values] = await Promise.all([
    cluster.kube.find<Workflow>(workflows, { name, namespace }),
    cluster.kube.list<WorkflowNode>(workflowNodes, { namespace, labelSelector }),
    vars.read(),
  ])
  return { workflow, nodes: nodes.items, vars: values }
}

function claimOf(workflow: Workflow, { prefix }: UploadReportOptions, takenAt: string): RunClaim {
  const { name, labels: own = {} } = workflow.metadata
  const scenario = own[scenarioLabels.scenario] ?? workflow.spec.entry
  const runId = own[scenarioLabels.workflowRun] ?? name
  return {
    scenario,
    runId,
    nonce: runNonce(workflow) ?? name,
    prefix: prefix ?? reportPrefix(scenario, runId),
    writer: 'upload-report',
    // This very step is still running.
    terminal: false,
    takenAt,
  }
}

/** What is in the folder lasts no longer than the pod: an upload that failed is another writer's to make good. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'upload-report-'))
  try {
    return await work(folder)
  } catch (error) {
    if (!isSeiError(error) || error.code !== 'UPLOAD_FAILED') throw error
    throw infraFailure(toWire(error).message, undefined)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The last step of a Workflow: its exit code is what whoever looks at the pods takes for the run's. */
function endAs(reason: string | undefined): void {
  if (reason === 'task-fail') throw taskFailure('uploaded; a step before failed: EXIT_REASON is task-fail')
  if (reason === 'infra-fail')
    throw infraFailure('uploaded; a step before could not be judged: EXIT_REASON is infra-fail')
}
