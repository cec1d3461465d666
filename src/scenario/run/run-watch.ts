import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { events, pods, workflowNodes, workflows, type ResourceType } from '../../contract/kinds.ts'
import { workflowSelector } from '../../contract/scenario-names.ts'
import type { KubeEvent, KubeObject, Pod } from '../../contract/objects.ts'
import type { KubeClient, ListOptions, Watch, WatchEvent } from '../../kube/types.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'
import { endOf, isOver } from '../verdict/ended.ts'
import type { Fate, Incident, RunObjects } from '../verdict/objects.ts'
import { nodeOf, stepOf } from './run-objects.ts'
import type { RunSecrets } from './run-secrets.ts'

export interface RunWatchOptions {
  readonly kube: KubeClient
  readonly namespace: string
  /** Name of the Workflow. */
  readonly workflow: string
  readonly steps: readonly RenderedStep[]
  readonly secrets: RunSecrets
  /** Called after changes of objects; once for those that come together. */
  onChange(): void
}

/** Enough of a log for the summary's line and the report's last lines. */
const tailLines = 50
const tailBytes = 64 * 1024
/** A log that cannot be had by then is the capture's business. */
const tailMs = 5_000

/**
 * Every object of one run as it was last seen, kept by watches; those that are gone are remembered. The end of a pod's log is
 * read in the moment the pod is over.
 */
export class RunWatch {
  readonly #options: RunWatchOptions
  readonly #watches: Watch<KubeObject>[] = []
  readonly #nodes = new Map<string, WorkflowNode>()
  readonly #pods = new Map<string, Pod>()
  /** Events of the run's own objects, and those of which it is not known yet: a namespace has events of everything. */
  readonly #events = new Map<string, KubeEvent>()
  readonly #strange = new Map<string, KubeEvent>()
  readonly #logs = new Map<string, string>()
  readonly #reading = new Set<Promise<void>>()
  readonly #seen = new Map<string, string>()
  readonly #gone = new Set<string>()
  /** A change is on its way to whoever listens. */
  #telling = false
  readonly fates: Map<string, Fate> = new Map()
  readonly incidents: Incident[] = []
  #workflow: Workflow | undefined
  #workflowLost = false
  #closed = false
  /** Its deletion is our own from here on. */
  leaving = false
  abortedAt: string | undefined
  exitReason: string | undefined

  constructor(options: RunWatchOptions) {
    this.#options = options
  }

  /** Resolves when all lists are there. Rejects when one of them is refused for good. */
  async start(workflow: Workflow): Promise<void> {
    this.#workflow = workflow
    const { namespace } = this.#options
    const { name } = workflow.metadata
    const labelSelector = workflowSelector(name)
    await Promise.all([
      this.#follow<Workflow>(workflows, { namespace, fieldSelector: `metadata.name=${name}` }, (event) =>
        this.#onWorkflow(event),
      ),
      this.#follow<WorkflowNode>(workflowNodes, { namespace, labelSelector }, ({ object }) => {
        const uid = object.metadata.uid ?? ''
        const isNew = !this.#nodes.has(uid)
        this.#nodes.set(uid, object)
        if (isNew) this.#claimEvents()
      }),
      this.#follow<Pod>(pods, { namespace, labelSelector }, ({ type, object }) => {
        if (type === 'DELETED') this.#gone.add(object.metadata.uid ?? '')
        this.#onPod(object)
      }),
      // Events only explain: who may not read them still gets a verdict.
      this.#follow<KubeEvent>(events, { namespace }, ({ object }) => this.#onEvent(object)).catch(
        () => undefined,
      ),
    ])
  }

  get objects(): RunObjects {
    return {
      workflow: this.#workflow,
      workflowLost: this.#workflowLost,
      nodes: [...this.#nodes.values()],
      pods: [...this.#pods.values()],
      events: [...this.#events.values()],
      logs: this.#logs,
      exitReason: this.exitReason,
      steps: this.#options.steps,
      seen: this.#seen,
      fates: this.fates,
      incidents: this.incidents,
      abortedAt: this.abortedAt,
    }
  }

  /** A log can still be asked for. */
  isThere({ metadata }: Pod): boolean {
    return !this.#gone.has(metadata.uid ?? '')
  }

  /** Resolves when the logs of all pods that are over have been read, or could not be. */
  async logsRead(): Promise<void> {
    await Promise.all(this.#reading)
  }

  close(): void {
    this.#closed = true
    for (const watch of this.#watches) watch.close()
  }

  async #follow<T extends KubeObject>(
    type: ResourceType,
    where: ListOptions,
    /** Returns false where nothing has changed that anyone wants to hear of. */
    take: (event: WatchEvent<T>) => unknown,
  ): Promise<void> {
    const watch = this.#options.kube.watch<T>(type, where)
    this.#watches.push(watch as unknown as Watch<KubeObject>)
    watch.subscribe((event) => {
      if (take(event) !== false) this.#tell()
    })
    await watch.ready
  }

  /** A list of thousands is one change: to look at all of it after each of its items would take longer than a step has. */
  #tell(): void {
    if (this.#telling) return
    this.#telling = true
    setImmediate(() => {
      this.#telling = false
      if (!this.#closed) this.#options.onChange()
    })
  }

  #onWorkflow({ type, object }: WatchEvent<Workflow>): void {
    if (object.metadata.uid !== this.#workflow?.metadata.uid) return
    this.#workflow = object
    const gone = type === 'DELETED' || object.metadata.deletionTimestamp !== undefined
    if (gone && !this.leaving) this.#workflowLost = true
  }

  #onPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const before = this.#pods.get(uid)
    // A pod that is removed after its end is told of by its last version that shows the end.
    if (before !== undefined && isOver(before) && !isOver(pod)) return
    this.#pods.set(uid, pod)
    if (before === undefined) this.#claimEvents()
    const container = this.#containerOf(pod)
    if (this.#seen.has(uid) || endOf(pod, container) === undefined) return
    this.#seen.set(uid, new Date().toISOString())
    const reading = this.#readLog(pod, container).finally(() => this.#reading.delete(reading))
    this.#reading.add(reading)
  }

  #containerOf(pod: Pod): string {
    const node = nodeOf(pod, [...this.#nodes.values()])
    return stepOf(node, this.#options.steps)?.container ?? pod.spec.containers[0]?.name ?? ''
  }

  async #readLog(pod: Pod, container: string): Promise<void> {
    const { name, namespace = this.#options.namespace } = pod.metadata
    const { secrets, kube } = this.#options
    const how = { container, tailLines, limitBytes: tailBytes, signal: AbortSignal.timeout(tailMs) }
    const [text] = await Promise.all([
      kube.logs({ name, namespace }, how).catch(() => undefined),
      secrets.learn({ namespace, name: this.#options.workflow, uid: this.#workflow?.metadata.uid }),
    ])
    if (text !== undefined) this.#logs.set(name, secrets.redactor.text(text))
  }

  /** One of ours may be told of before the object is: which are ours is seen later. */
  #onEvent(event: KubeEvent): boolean {
    const { kind, apiVersion = '' } = event.involvedObject
    if (kind !== 'Pod' && !apiVersion.startsWith(`${workflows.group}/`)) return false
    const isOwn = this.#isOwn(event)
    ;(isOwn ? this.#events : this.#strange).set(event.metadata.uid ?? event.metadata.name, event)
    return isOwn
  }

  #claimEvents(): void {
    for (const [uid, event] of this.#strange) {
      if (!this.#isOwn(event)) continue
      this.#strange.delete(uid)
      this.#events.set(uid, event)
    }
  }

  /** Of the Workflow, of its nodes, and of what these made, whose names begin with theirs unless that would be too long. */
  #isOwn({ involvedObject: { name = '' } }: KubeEvent): boolean {
    if (name === this.#options.workflow) return true
    for (const { metadata } of this.#nodes.values())
      if (name === metadata.name || name.startsWith(`${metadata.name}-`)) return true
    for (const { metadata } of this.#pods.values()) if (name === metadata.name) return true
    return false
  }
}
