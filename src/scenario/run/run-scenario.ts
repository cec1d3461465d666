import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { defaults } from '../../contract/defaults.ts'
import type { Outcome } from '../../contract/exit-codes.ts'
import { workflowNodes, workflows } from '../../contract/kinds.ts'
import { workflowSelector } from '../../contract/scenario-names.ts'
import type { ScenarioRun } from '../../contract/scenario.ts'
import type { DeletePermit, MissingItem } from '../../contract/seal.ts'
import { varKeys } from '../../contract/workflow-vars.ts'
import { errorText } from '../../errors/error-text.ts'
import { isCancelled, isSeiError } from '../../errors/guards.ts'
import { SeiError, usageError } from '../../errors/sei-error.ts'
import { isAlreadyExists } from '../../kube/errors.ts'
import { judgeRun } from '../verdict/judge.ts'
import { captureRun, readPassedOn } from './capture.ts'
import type { RunScenarioOptions } from './options.ts'
import { atStepRate } from './real-pace.ts'
import { Recorder } from './recorder.ts'
import { RunClosure } from './run-closure.ts'
import { RunFacts } from './run-facts.ts'
import { RunSecrets } from './run-secrets.ts'
import { RunWatch } from './run-watch.ts'
import { Supervision } from './supervision.ts'
import { tearDown } from './tear-down.ts'

/**
 * Applies a Workflow, follows it until it is over, keeps what there is to see, and removes everything of it. A step that fails
 * is the last one that starts. Throws only before there is a Workflow: BAD_INPUT where the run id is taken, SCENARIO_APPLY,
 * RUN_CANCELLED; everything after that is in what it resolves to.
 */
export async function runScenario(options: RunScenarioOptions): Promise<ScenarioRun> {
  return await new ScenarioRunner(options).run()
}

class ScenarioRunner {
  readonly #options: RunScenarioOptions
  readonly #secrets: RunSecrets
  readonly #recorder: Recorder
  readonly #startedAt = new Date().toISOString()
  /** What happened beside the verdict. */
  readonly #after: { outcome: Outcome; what: string }[] = []
  readonly #facts = new RunFacts()
  #missing: readonly MissingItem[] = []
  #vars: Readonly<Record<string, string>> = {}

  constructor(options: RunScenarioOptions) {
    const { cluster } = options
    this.#options = options
    this.#secrets = new RunSecrets(cluster.kube, options.secrets ?? new Set())
    this.#recorder = new Recorder(options, this.#secrets)
  }

  async run(): Promise<ScenarioRun> {
    const { cluster, rendered, signal } = this.#options
    const workflow = await this.#recorder.stage('apply', () => this.#apply())
    const closure = new RunClosure(cluster, workflow)
    const watch: RunWatch = new RunWatch({
      kube: cluster.kube,
      namespace: cluster.namespace,
      workflow: workflow.metadata.name,
      steps: rendered.steps,
      secrets: this.#secrets,
      onChange: () => {
        closure.look()
        supervision.changed()
      },
    })
    const supervision = new Supervision(this.#options, watch, this.#recorder)
    const alive = setInterval(() => {}, 1_000_000)
    try {
      await this.#follow(workflow, watch, supervision)
      const early = cancelled(signal)
      const permit = await this.#capture(watch, closure)
      const { verdict, outcomes } = judgeRun(watch.objects)
      this.#recorder.verdict(verdict)
      const cleanUp = await this.#tearDown(watch, closure, permit)
      if (!early && cancelled(signal))
        this.#after.push({ outcome: 'cancelled', what: 'the run was cancelled while it was cleaned up' })
      return this.#report(watch, closure, { verdict, cleanUp, outcomes: [...outcomes, ...this.#after] })
    } finally {
      clearInterval(alive)
      watch.close()
      closure.close()
    }
  }

  async #apply(): Promise<Workflow> {
    const { cluster, rendered, signal, labels, annotations, onIntent, onCreated } = this.#options
    const { kube, namespace } = cluster
    signal?.throwIfAborted()
    const paced = atStepRate(rendered.workflow, cluster.rate)
    const { metadata } = paced
    const workflow: Workflow = {
      ...paced,
      metadata: {
        ...metadata,
        namespace,
        labels: { ...metadata.labels, ...labels },
        annotations: { ...metadata.annotations, ...annotations },
      },
    }
    try {
      await this.#refuseTaken(metadata.name)
      onIntent?.(workflow)
      const created = await kube.create<Workflow>(workflows, workflow, signal === undefined ? {} : { signal })
      onCreated?.(created)
      return created
    } catch (error) {
      if (isAlreadyExists(error)) throw taken(metadata.name, 'a Workflow of that name')
      if (isCancelled(error) || (isSeiError(error) && error.class === 'usage')) throw error
      throw new SeiError(`Workflow ${metadata.name} cannot be created: ${errorText(error)}`, {
        class: 'infra',
        code: 'SCENARIO_APPLY',
        hint: 'what the API server or an admission webhook says; nothing was left behind',
        cause: error,
      })
    }
  }

  /** Chaos Mesh finds nodes by the name of their Workflow: those of an earlier one would be taken for its own. */
  async #refuseTaken(name: string): Promise<void> {
    const { kube, namespace } = this.#options.cluster
    const { items } = await kube.list(workflowNodes, {
      namespace,
      labelSelector: workflowSelector(name),
    })
    if (items.length > 0)
      throw taken(name, `${items.length} WorkflowNodes of an earlier Workflow of that name`)
  }

  /** From here on nothing is thrown: the Workflow is there, and has to be captured and removed. */
  async #follow(workflow: Workflow, watch: RunWatch, supervision: Supervision): Promise<void> {
    await this.#recorder
      .stage('watch', async () => {
        await watch.start(workflow)
        await supervision.untilOver()
      })
      .catch((error: unknown) => {
        const what = `the Workflow cannot be watched: ${errorText(error)}`
        watch.incidents.push({
          at: new Date().toISOString(),
          result: 'infra-fail',
          outcome: 'noVerdict',
          what,
        })
      })
    await supervision.abort()
    await watch.logsRead()
  }

  async #capture(watch: RunWatch, closure: RunClosure): Promise<DeletePermit> {
    const { signal, captureBudgetMs, captureAfterSignalMs } = this.#options
    const short = captureAfterSignalMs ?? defaults.captureAfterSignalMs
    const cut = new AbortController()
    const shorten = (): void => void setTimeout(() => cut.abort(), short).unref()
    if (signal?.aborted !== true) signal?.addEventListener('abort', shorten, { once: true })
    try {
      return await this.#recorder.stage('capture', async () => {
        await this.#readPassedOn()
        watch.exitReason = this.#vars[varKeys.exitReason]
        const { verdict } = judgeRun(watch.objects)
        const { seal, missing } = await captureRun({
          options: this.#options,
          watch,
          closure,
          secrets: this.#secrets,
          vars: this.#vars,
          budgetMs: signal?.aborted === true ? short : (captureBudgetMs ?? defaults.captureBudgetMs),
          failure: verdict.result === 'pass' ? undefined : verdict.summary,
          signal: cut.signal,
          observer: this.#facts,
        })
        this.#lost(missing)
        return seal
      })
    } catch (error) {
      const reason = `the capture failed: ${errorText(error)}`
      this.#lost([{ item: 'everything', reason }])
      return { kind: 'waiver', reason }
    } finally {
      signal?.removeEventListener('abort', shorten)
    }
  }

  #lost(missing: readonly MissingItem[]): void {
    this.#missing = missing
    if (missing.length === 0) return
    const items = missing.map(({ item }) => item).join(', ')
    this.#after.push({ outcome: 'noVerdict', what: `evidence could not be kept: ${items}` })
  }

  async #readPassedOn(): Promise<void> {
    const found = await readPassedOn(this.#options).catch(() => undefined)
    if (found === undefined) return
    this.#vars = this.#secrets.redactor.data(found.values) as Record<string, string>
    this.#facts.left = found.gates
  }

  async #tearDown(
    watch: RunWatch,
    closure: RunClosure,
    permit: DeletePermit,
  ): Promise<ScenarioRun['cleanUp']> {
    const options = this.#options
    const recorder = this.#recorder
    try {
      return await recorder.stage('tear-down', async () => {
        const cleanUp = await tearDown({ options, watch, closure, recorder, permit })
        if (cleanUp.left.length > 0) throw leftBehind(cleanUp)
        return cleanUp
      })
    } catch (error) {
      this.#after.push({ outcome: 'noVerdict', what: errorText(error) })
      return leftOf(error) ?? { deleted: [], left: [`not known: ${errorText(error)}`] }
    }
  }

  #report(
    watch: RunWatch,
    closure: RunClosure,
    end: Pick<ScenarioRun, 'verdict' | 'cleanUp' | 'outcomes'>,
  ): ScenarioRun {
    const { rendered, origin, cluster, about } = this.#options
    const { gates, omitted } = this.#facts.left
    return this.#secrets.redactor.data({
      allowedDrift: [],
      ...about,
      runId: rendered.runId,
      workflow: rendered.workflow.metadata.name,
      namespace: cluster.namespace,
      origin,
      guarded: rendered.guarded,
      simulated: cluster.simulated,
      startedAt: this.#startedAt,
      finishedAt: new Date().toISOString(),
      vars: rendered.vars,
      images: this.#facts.images(watch.objects.pods),
      stages: this.#recorder.stages,
      defences: this.#recorder.defences,
      missing: this.#missing,
      workflowVars: this.#vars,
      chainIds: this.#facts.chainIds(this.#vars[varKeys.chainId]),
      heights: this.#facts.heights(closure.nodes.map(({ name }) => name)),
      gates,
      gatesOmitted: omitted === 0 ? undefined : omitted,
      ...end,
    } satisfies ScenarioRun) as ScenarioRun
  }
}

function taken(name: string, what: string): SeiError {
  return usageError([
    {
      what: `there is ${what}`,
      where: `Workflow ${name}`,
      expected: 'a name that was never used in this namespace',
      fix: 'choose another run id',
    },
  ])
}

function leftBehind(cleanUp: ScenarioRun['cleanUp']): SeiError {
  return new SeiError(`not gone: ${cleanUp.left.join('; ')}`, {
    class: 'infra',
    code: 'DELETE_FAILED',
    details: { cleanUp },
    hint: 'what holds it stands in its finalizers and events',
  })
}

function leftOf(error: unknown): ScenarioRun['cleanUp'] | undefined {
  return isSeiError(error) ? (error.details?.['cleanUp'] as ScenarioRun['cleanUp'] | undefined) : undefined
}

/** Asked anew each time: it may have come in the meantime. */
function cancelled(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
