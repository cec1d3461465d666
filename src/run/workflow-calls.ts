import { join, resolve } from 'node:path'
import { exitCodes } from '../contract/exit-codes.ts'
import { workflows, type ObjectRef } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import type { ObjectMeta } from '../contract/objects.ts'
import type { WorkflowRunResult, WorkflowRunSettings } from '../contract/workflow-runs.ts'
import type { ErrorClass } from '../errors/codes.ts'
import { SeiError } from '../errors/sei-error.ts'
import { ownVersion } from '../scenario/own-package.ts'
import { carryOut, type CarriedOut } from '../scenario/run/carry-out.ts'
import type { ScenarioOrder } from '../scenario/run/order.ts'
import { isGitHub, isPath } from '../scenario/source/read-scenario.ts'
import { describeHolder } from './claim.ts'
import type { Lease } from './leases.ts'
import type { Ledger } from './ledger.ts'
import type { OpenedCluster } from './opened-cluster.ts'
import type { RunAccounts } from './run-accounts.ts'
import type { RunContext } from './run-context.ts'

export interface RunWorkflowsOptions extends Pick<
  RunContext,
  'run' | 'root' | 'folder' | 'feed' | 'outcomes'
> {
  readonly ledger: Ledger
  readonly accounts: RunAccounts
  /** The run was cancelled. */
  readonly cancelled: AbortSignal
  open(): Promise<OpenedCluster>
}

export interface WorkflowCall {
  readonly scenario: string
  readonly vars: Readonly<Record<string, string>>
  readonly settings: WorkflowRunSettings
}

/** Workflow scenarios that tests ask for by the lease of their file. */
export class RunWorkflows {
  readonly #options: RunWorkflowsOptions
  readonly #running = new Set<Promise<unknown>>()

  constructor(options: RunWorkflowsOptions) {
    this.#options = options
  }

  /**
   * Carries one out. It is aborted, captured and removed when the asker gives it up, the file ends, the network or the cluster
   * is lost, or the run is cancelled. Throws WORKFLOW_FAILED for every ending but a pass.
   */
  async call(lease: Lease, call: WorkflowCall, given: AbortSignal): Promise<WorkflowRunResult> {
    const work = this.#carryOut(lease, call, given)
    this.#running.add(work)
    try {
      return resultOf(await work)
    } finally {
      this.#running.delete(work)
    }
  }

  /** Resolves when nothing is under way: what was cancelled still captures and deletes. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  async #carryOut(
    lease: Lease,
    { scenario, vars, settings }: WorkflowCall,
    given: AbortSignal,
  ): Promise<CarriedOut> {
    const { root, folder, run, outcomes, cancelled, open } = this.#options
    const { repo, bucket, ...rest } = settings
    const opened = await open()
    const { entry, released, key } = lease
    const order: ScenarioOrder = {
      ...rest,
      ...this.#hooks(),
      source: {
        scenario: isPath(scenario) ? resolve(root, scenario) : scenario,
        repo: placed(repo, root),
        ref: settings.ref,
        allowBranch: settings.allowBranch,
      },
      vars,
      bucket: bucket === undefined ? undefined : { bucket },
      open: async () => opened.cluster,
      folder: (workflow) => join(folder, 'workflows', workflow),
      labels: { [labels.harnessRun]: run },
      signal: AbortSignal.any([given, released.signal, entry.loss.signal, opened.gone, cancelled]),
      trigger: `test ${describeHolder(key, root)}`,
      harness: ownVersion(),
    }
    const done = await carryOut(order)
    const { cleanUp, missing, workflow } = done.run
    if (cleanUp.left.length === 0)
      this.#options.ledger.deleted(workflows.kind, { namespace: done.run.namespace, name: workflow })
    else outcomes.add('noVerdict', `Workflow ${workflow} left ${cleanUp.left.join('; ')}`)
    if (missing.length > 0) outcomes.add('noVerdict', `evidence of Workflow ${workflow} is not complete`)
    return done
  }

  #hooks(): Pick<ScenarioOrder, 'onIntent' | 'onCreated' | 'onEvent' | 'onNotice'> {
    const { ledger, feed, accounts } = this.#options
    const notice = (message: string): void => feed.emit({ type: 'notice', message })
    return {
      onIntent: ({ metadata }) => ledger.intend(workflows.kind, placeOf(metadata)),
      onCreated: ({ metadata }) => {
        ledger.created(workflows.kind, placeOf(metadata), metadata.uid)
        accounts.existed([{ kind: workflows.kind, ...placeOf(metadata), uid: metadata.uid }])
      },
      onEvent: (event) => {
        if (event.event === 'warning') notice(event.message)
        if (event.event === 'defence') notice(`${event.line}: ${event.what}`)
      },
      onNotice: notice,
    }
  }
}

function placeOf({ namespace, name }: ObjectMeta): ObjectRef {
  return { namespace, name }
}

/** Folders are named from the root of the project, as the test's other paths are. */
function placed(repo: string | undefined, root: string): string | undefined {
  return repo === undefined || isGitHub(repo) ? repo : resolve(root, repo)
}

const classes: Readonly<Record<string, ErrorClass>> = {
  'task-fail': 'failed',
  timeout: 'timeout',
  'infra-fail': 'infra',
  aborted: 'cancelled',
  // It passed, and something after it went wrong.
  pass: 'infra',
}

function resultOf({ run, outcome, folder, upload }: CarriedOut): WorkflowRunResult {
  const { verdict, workflow, outcomes } = run
  if (outcome === 'passed') return { ...run, folder, url: upload?.url }
  const after = verdict.result === 'pass' ? (outcomes[0]?.what ?? outcome) : verdict.summary
  throw new SeiError(`Workflow ${workflow}: ${after}`, {
    class: classes[verdict.result] ?? 'infra',
    code: 'WORKFLOW_FAILED',
    hint: `its report is in ${folder}`,
    details: { verdict, outcomes, outcome, exitCode: exitCodes[outcome], workflow, folder, url: upload?.url },
  })
}
