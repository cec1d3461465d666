import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { readinessBudget, type ReadinessBudget } from '../../contract/defaults.ts'
import { showDuration } from '../../contract/go-duration.ts'
import type { Pod } from '../../contract/objects.ts'
import { pause, type Time } from '../../contract/time.ts'
import { isCancelled, isSeiError } from '../../errors/guards.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import { causesNow, entryOf, hangs, type Cause } from '../verdict/causes.ts'
import { isFinished, trueCondition } from '../verdict/conditions.ts'
import { isOver, terminatedOf } from '../verdict/ended.ts'
import { judgeSteps } from '../verdict/judge.ts'
import { podOf, type JudgedStep } from '../verdict/step-report.ts'
import { waitingFor } from '../verdict/waiting.ts'
import { Interventions } from './interventions.ts'
import type { RunScenarioOptions } from './options.ts'
import { stepRate } from './real-pace.ts'
import { isAborted, nodeOf, stepOf } from './run-objects.ts'
import { markLate } from './late.ts'
import type { Recorder } from './recorder.ts'
import type { RunWatch } from './run-watch.ts'
import { Waits, type Wait } from './waits.ts'

/** How long a Workflow that is failing may stand still before it is aborted, and an abort may take, ms. */
const settleMs = 10_000
const abortMs = 5_000
/** Branches that no controller comes back to: without a container that ended there is no exit code to look at. */
const hopelessMs = 1_000
/** Of a finalizer or gate that has none of its own, ms; and the least that each of them gets, whose work is the same on any clock. */
const defaultDeadlineMs = 300_000
const leastMs = 20_000

/**
 * Follows a Workflow until its run is over, and keeps a failed run from going on. A failed step is the last that starts: under
 * guard its branches see to that, and what else runs is stopped; without guard the Workflow is aborted at once.
 */
export class Supervision {
  readonly #options: RunScenarioOptions
  readonly #watch: RunWatch
  readonly #recorder: Recorder
  readonly #interventions: Interventions
  readonly #budget: ReadinessBudget
  /** With a controller that does not do what it should, or cannot yet, ms. */
  readonly #patienceMs: number
  readonly #time: Time
  readonly #rate: number
  readonly #waits: Waits
  readonly #over = Promise.withResolvers<void>()
  #failed: Cause | undefined
  #changes = 0
  #started = false
  /** Whoever waits for a change. */
  #onChange: (() => void) | undefined

  constructor(options: RunScenarioOptions, watch: RunWatch, recorder: Recorder) {
    const { cluster } = options
    this.#options = options
    this.#watch = watch
    this.#recorder = recorder
    this.#interventions = new Interventions(cluster.kube, cluster.namespace, recorder)
    this.#budget = readinessBudget(cluster.mode, cluster)
    this.#patienceMs = Math.max(this.#budget.imagePullMs, settleMs)
    this.#time = timeOf(cluster.clockUrl)
    this.#rate = stepRate(cluster.rate)
    this.#waits = new Waits(this.#time)
  }

  /** Resolves when nothing more is to be waited for. The Workflow may still have to be aborted. */
  async untilOver(): Promise<void> {
    const { signal } = this.#options
    const onAbort = (): void => this.#interrupt(signal)
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#started = true
    this.look()
    try {
      await this.#over.promise
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#waits.close()
      this.#started = false
    }
  }

  look(): void {
    if (!this.#started) return
    this.#changes += 1
    const { objects } = this.#watch
    markLate({ ...objects, fates: this.#watch.fates }, this.#options.rendered.steps, this.#rate)
    const judged = judgeSteps(objects)
    for (const { report } of judged) this.#recorder.step(report)
    const [first] = causesNow(
      objects,
      judged.filter(({ mayHeal }) => mayHeal !== true),
    )
    if (first !== undefined && this.#failed === undefined) this.#onFailure(first)
    if (this.#isOver(judged)) this.#over.resolve()
    else this.#waits.set([...this.#deadlines(judged), ...this.#troubles(judged), ...this.#settling(judged)])
  }

  /**
   * Aborts a Workflow that has not ended, and has what still runs of it end. Resolves once its entry node says Aborted, or
   * could not be brought to within a moment: what follows must not wait for a controller that is away.
   */
  async abort(): Promise<void> {
    const { workflow, nodes, pods, workflowLost } = this.#watch.objects
    const entry = entryOf(this.#watch.objects)
    const running = pods.filter((pod) => !isOver(pod))
    if (workflow === undefined || workflowLost === true) return
    if (entry !== undefined && isFinished(entry) && running.length === 0) return
    const set = isAborted(workflow, entry) || (await this.#annotate(workflow))
    const stops = running.map((pod) => this.#stop(pod, nodeOf(pod, nodes), 'the run is over'))
    await Promise.all([set ? this.#untilAborted() : undefined, ...stops])
  }

  #annotate(workflow: Workflow): Promise<boolean> {
    this.#watch.abortedAt ??= new Date().toISOString()
    return this.#interventions.abort(
      workflow,
      this.#failed?.what ?? this.#watch.incidents.at(-1)?.what ?? 'the run is over',
    )
  }

  async #untilAborted(): Promise<void> {
    const isDone = (): boolean => {
      const entry = entryOf(this.#watch.objects)
      return entry === undefined || trueCondition(entry, 'Aborted') !== undefined
    }
    const enough = new AbortController()
    this.#onChange = () => (isDone() ? enough.abort() : undefined)
    this.#onChange()
    await pause(this.#time, abortMs, enough.signal, { passive: true })
    this.#onChange = undefined
    const how = isDone() ? 'the entry node is Aborted' : `the entry node is not Aborted after ${abortMs} ms`
    this.#recorder.defence('abort', how)
  }

  /** To be called after every change of an object. */
  changed(): void {
    this.look()
    this.#onChange?.()
  }

  #interrupt(signal: AbortSignal | undefined): void {
    const reason: unknown = signal?.reason
    const lost = isSeiError(reason) && !isCancelled(reason)
    this.#watch.incidents.push({
      at: new Date().toISOString(),
      result: lost ? 'infra-fail' : 'aborted',
      outcome: lost ? 'noVerdict' : 'cancelled',
      what: reason instanceof Error ? reason.message : 'the run was cancelled',
    })
    this.#over.resolve()
  }

  #onFailure(cause: Cause): void {
    this.#failed = cause
    if (cause.outcome === 'notReady') this.#recorder.warn(cause.what)
    const { nodes, pods } = this.#watch.objects
    this.#remember(cause, pods)
    if (!this.#options.rendered.guarded || cause.step === undefined) {
      this.#over.resolve()
      return
    }
    // Whatever else runs beside it can change nothing any more; gates and finalizers still have to do their work.
    for (const pod of pods) {
      const node = nodeOf(pod, nodes)
      if (isOver(pod) || pod.metadata.name === cause.step.pod) continue
      if (stepOf(node, this.#options.rendered.steps)?.role === 'step')
        void this.#stop(pod, node, `${cause.step.step} has failed`)
    }
  }

  /** A step whose time is over may still end, and by the abort that follows from it: what it failed by has to outlast that. */
  #remember({ step, what }: Cause, pods: readonly Pod[]): void {
    const pod = pods.find(({ metadata }) => metadata.name === step?.pod)
    const uid = pod?.metadata.uid ?? ''
    if (pod === undefined || step?.result !== 'timeout' || isOver(pod) || this.#watch.fates.has(uid)) return
    this.#watch.fates.set(uid, { at: new Date().toISOString(), why: 'deadline', what: step?.reason ?? what })
  }

  #stop(pod: Pod, node: WorkflowNode | undefined, what: string): Promise<boolean> {
    const uid = pod.metadata.uid ?? ''
    const { fates } = this.#watch
    if (!fates.has(uid))
      fates.set(uid, { at: new Date().toISOString(), why: 'stopped', what: `stopped: ${what}` })
    return this.#interventions.stop(pod, node, what)
  }

  /** The pod's fate is sealed before the request is sent: its end must not be taken for its own. */
  #condemn(pod: Pod, node: WorkflowNode, why: 'deadline' | 'stuck', what: string): void {
    const uid = pod.metadata.uid ?? ''
    if (isOver(pod) || this.#watch.fates.has(uid)) return
    this.#watch.fates.set(uid, { at: new Date().toISOString(), why, what })
    void this.#interventions.stop(pod, node, what)
    this.look()
  }

  #isOver(judged: readonly JudgedStep[]): boolean {
    const { objects } = this.#watch
    if (objects.workflowLost === true) return true
    const entry = entryOf(objects)
    if (entry === undefined || !isFinished(entry)) return false
    if (trueCondition(entry, 'Accomplished') === undefined) return true
    return judged.every(({ report }) => report.result !== 'running')
  }

  /** Each step's own deadline: the rendered one holds its descendants' too, and ends no pod. */
  #deadlines(judged: readonly JudgedStep[]): Wait[] {
    const { objects } = this.#watch
    const { entryDeadlineMs } = this.#options.rendered
    const warnAfterMs = this.#options.warnAfterMs
    const run: Wait[] = []
    if (entryDeadlineMs !== undefined)
      run.push({
        key: 'entry',
        ms: entryDeadlineMs / this.#rate,
        act: () => this.#entryDeadline(entryDeadlineMs),
      })
    if (warnAfterMs !== undefined)
      run.push({
        key: 'warn',
        ms: warnAfterMs,
        act: () => this.#recorder.warn(`the run has taken ${showDuration(warnAfterMs)} so far`),
      })
    const steps = judged.flatMap(({ step, report }): Wait[] => {
      const node = objects.nodes.find(({ metadata }) => metadata.name === report.node)
      const deadlineMs = step.deadlineMs ?? (step.role === 'step' ? undefined : defaultDeadlineMs)
      if (node === undefined || deadlineMs === undefined) return []
      const act = (): void => {
        const pod = podOf(node, this.#watch.objects.pods)
        if (pod === undefined)
          this.#fail(`step ${step.template} got no pod within its deadline of ${showDuration(deadlineMs)}`)
        else this.#condemn(pod, node, 'deadline', `past its deadline of ${showDuration(deadlineMs)}`)
      }
      const ms = Math.max(deadlineMs / this.#rate, step.role === 'step' ? 0 : leastMs)
      return [{ key: `deadline ${node.metadata.uid}`, ms, act }]
    })
    return [...run, ...steps]
  }

  #entryDeadline(ms: number): void {
    const what = `the Workflow's deadline of ${showDuration(ms)} has passed`
    this.#watch.incidents.push({ at: new Date().toISOString(), result: 'timeout', outcome: 'notReady', what })
    this.look()
    this.#over.resolve()
  }

  /** What keeps a step from starting, or its node from ending, and usually heals. */
  #troubles(judged: readonly JudgedStep[]): Wait[] {
    const { objects } = this.#watch
    const { nodes, pods, events = [] } = objects
    const waits: Wait[] = []
    if (entryOf(objects) === undefined)
      waits.push({ key: 'begin', ms: this.#patienceMs, act: () => this.#over.resolve() })
    for (const { step, report } of judged) {
      const node = nodes.find(({ metadata }) => metadata.name === report.node)
      if (node === undefined) continue
      const pod = podOf(node, pods)
      const uid = node.metadata.uid ?? ''
      if (pod === undefined && report.result === 'infra-fail' && !isFinished(node))
        waits.push({ key: `pod ${uid}`, ms: this.#patienceMs, act: () => this.#over.resolve() })
      if (hangs(report, nodes, pods))
        waits.push({
          key: `branches ${uid}`,
          ms: pod === undefined || terminatedOf(pod, step.container) === undefined ? hopelessMs : settleMs,
          act: () => this.#over.resolve(),
        })
      if (pod === undefined || isOver(pod)) continue
      const found = waitingFor(pod, events, this.#budget)
      if (found === undefined || found.graceMs === Infinity) continue
      const act = (): void => this.#condemn(pod, node, 'stuck', found.cause)
      if (found.graceMs > 0) waits.push({ key: `waiting ${uid}`, ms: found.graceMs, act })
      else queueMicrotask(act)
    }
    return waits
  }

  /** After a failure only gates and finalizers have anything left to do: a Workflow that stands still is not waited for. */
  #settling(judged: readonly JudgedStep[]): Wait[] {
    if (this.#failed === undefined) return []
    const busy = judged.some(({ step, report }) => step.role !== 'step' && report.result === 'running')
    return busy ? [] : [{ key: `still ${this.#changes}`, ms: settleMs, act: () => this.#over.resolve() }]
  }

  #fail(what: string): void {
    this.#watch.incidents.push({
      at: new Date().toISOString(),
      result: 'timeout',
      outcome: 'noVerdict',
      what,
    })
    this.look()
    this.#over.resolve()
  }
}
