import { pods } from '../../contract/kinds.ts'
import type { Container, ContainerStatus, Pod } from '../../contract/objects.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import { createContainer, type ContainerKind, type ContainerWorker } from './container.ts'
import { timestamp, type EventRecorder } from './recorder.ts'
import type { Sandbox } from './runtime/types.ts'
import { simulatedNowMs } from './simulated-time.ts'
import { isSidecar, podStatus, type PodStatus } from './status.ts'
import { errorText } from '../../errors/error-text.ts'

export interface PodOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly recorder: EventRecorder
  readonly pod: Pod
  readonly podIP: string
  readonly hostIP: string
  /** Waits for the pod's volumes, then gives what its containers share. */
  readonly prepare: (pod: Pod) => Promise<Sandbox>
}

/** One pod bound to this node, from its first status to its removal from the API. */
export interface PodWorker {
  /** The object changed; begins the end once it is being deleted. */
  update(pod: Pod): void
  /** The object is gone: stops everything at once. Resolves when nothing of the pod is left. */
  gone(): Promise<void>
  container(name: string): ContainerWorker | undefined
  pod(): Pod
  /** Of the simulated chain, once it has a key. */
  nodeId(): string | undefined
}

/** Simulated time in which changes are gathered for one report; a kubelet looks at its containers each second. */
const reportMs = 500
/** Simulated time to set up the network of a pod, and from its end to the object's removal. */
const sandboxMs = 400
const teardownMs = 500

/** What the kubelet says of a pod that ran for longer than it may. */
const deadlineExceeded = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
} as const

/** A timer takes no more than 24 days. */
const longestWaitMs = 86_400_000

function graceSeconds({ spec }: Pod): number {
  return spec.terminationGracePeriodSeconds ?? 30
}

export function startPod(options: PodOptions): PodWorker {
  return new Worker(options)
}

class Worker implements PodWorker {
  readonly #options: PodOptions
  readonly #stopping = new AbortController()
  readonly #containers = new Map<string, ContainerWorker>()
  readonly #startTime: string
  readonly #startedMs: number
  #pod: Pod
  #sandbox: Sandbox | undefined
  #sandboxUp = false
  #ending: Promise<void> | undefined
  #evicted: typeof deadlineExceeded | undefined
  #cancelDeadline: (() => void) | undefined
  #removed = false
  #reported: PodStatus | undefined
  #dirty = false
  #reporting: Promise<void> | undefined

  constructor(options: PodOptions) {
    this.#options = options
    this.#startTime = timestamp(options.clock.now())
    this.#startedMs = simulatedNowMs(options.clock)
    this.#pod = options.pod
    this.#reported = options.pod.status
    void this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#warn(error)
    })
    this.update(options.pod)
  }

  pod(): Pod {
    return this.#pod
  }

  nodeId(): string | undefined {
    return this.#sandbox?.files.home?.nodeId
  }

  container(name: string): ContainerWorker | undefined {
    return this.#containers.get(name)
  }

  update(pod: Pod): void {
    this.#pod = pod
    this.#watchDeadline()
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers])
      this.#containers.get(container.name)?.change(container)
    if (pod.metadata.deletionTimestamp === undefined) return
    const seconds = pod.metadata.deletionGracePeriodSeconds ?? graceSeconds(pod)
    this.#ending ??= this.#end(seconds * 1_000)
  }

  /** `activeDeadlineSeconds` counts from the pod's start, also where it is set later. */
  #watchDeadline(): void {
    this.#cancelDeadline?.()
    const { activeDeadlineSeconds } = this.#pod.spec
    if (activeDeadlineSeconds === undefined || this.#evicted !== undefined) return
    const { clock } = this.#options
    const leftMs = activeDeadlineSeconds * 1_000 - (simulatedNowMs(clock) - this.#startedMs)
    if (leftMs <= 0) void this.#exceedDeadline()
    else {
      const look = (): void => this.#watchDeadline()
      this.#cancelDeadline = clock.after(Math.min(leftMs, longestWaitMs), look)
    }
  }

  async #exceedDeadline(): Promise<void> {
    const { phase } = this.#status()
    if (this.#ending !== undefined || phase === 'Succeeded' || phase === 'Failed') return
    this.#evicted = deadlineExceeded
    const { reason, message } = deadlineExceeded
    this.#options.recorder.record(this.#pod, 'Normal', reason, message)
    await this.#stop(graceSeconds(this.#pod) * 1_000)
    this.#report()
  }

  async gone(): Promise<void> {
    this.#removed = true
    this.#cancelDeadline?.()
    await (this.#ending ??= this.#stop(0))
    await this.#reporting
    await this.#sandbox?.local?.remove()
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stopping
    const sandbox = await this.#options.prepare(this.#pod)
    signal.throwIfAborted()
    this.#sandbox = sandbox
    const { initContainers = [], containers } = this.#pod.spec
    const init = initContainers.map((container) =>
      this.#create(container, isSidecar(container) ? 'sidecar' : 'init'),
    )
    const main = containers.map((container) => this.#create(container, 'main'))
    this.#report()
    await sandbox.local?.mount(signal)
    await clock.sleep(sandboxMs, signal)
    this.#sandboxUp = true
    for (const worker of init) await this.#startNext(worker)
    for (const worker of main) worker.start()
  }

  async #startNext(worker: ContainerWorker): Promise<void> {
    worker.start()
    await worker.passed
    this.#stopping.signal.throwIfAborted()
  }

  #create(container: Container, kind: ContainerKind): ContainerWorker {
    const group = kind === 'main' ? 'containers' : 'initContainers'
    const sandbox = this.#sandbox
    if (sandbox === undefined) throw new Error('containers are created after the sandbox is prepared')
    const worker = createContainer({
      container,
      kind,
      sandbox,
      record: (type, reason, message) =>
        this.#options.recorder.record(this.#pod, type, reason, message, `spec.${group}{${container.name}}`),
      changed: () => this.#report(),
    })
    this.#containers.set(container.name, worker)
    return worker
  }

  async #stop(graceMs: number): Promise<void> {
    this.#stopping.abort()
    await Promise.all([...this.#containers.values()].map((worker) => worker.stop(graceMs)))
    this.#sandboxUp = false
  }

  /** Ends the containers, reports how they ended, and removes the object: a kubelet deletes with grace 0. */
  async #end(graceMs: number): Promise<void> {
    const { kube, clock } = this.#options
    const { name, namespace, uid } = this.#pod.metadata
    await this.#stop(graceMs)
    this.#report()
    await this.#reporting
    await this.#sandbox?.local?.remove()
    if (this.#removed) return
    await clock.sleep(teardownMs)
    try {
      await kube.delete(pods, { namespace, name }, { gracePeriodSeconds: 0, uid })
    } catch (error) {
      this.#warn(error)
    }
  }

  /** Reports the status as it is when the write goes out: changes that come together make one write. */
  #report(): void {
    this.#dirty = true
    this.#reporting ??= this.#writeReports().finally(() => {
      this.#reporting = undefined
    })
  }

  async #writeReports(): Promise<void> {
    const { kube } = this.#options
    while (this.#dirty && !this.#removed) {
      // The first report, before anything runs, and the last one are not held back.
      if (this.#sandboxUp && this.#ending === undefined) await this.#options.clock.sleep(reportMs)
      this.#dirty = false
      const status = this.#status()
      const { name, namespace, uid } = this.#pod.metadata
      try {
        await kube.patch(
          pods,
          { namespace, name },
          { metadata: { uid }, status },
          { type: 'merge', subresource: 'status' },
        )
        this.#reported = status
      } catch (error) {
        if (!this.#removed && this.#pod.metadata.deletionTimestamp === undefined) this.#warn(error)
      }
    }
  }

  #status(): PodStatus {
    const statuses = new Map<string, ContainerStatus>()
    for (const [name, worker] of this.#containers) statuses.set(name, worker.status())
    const isEnding = this.#ending !== undefined || this.#evicted !== undefined
    const facts = {
      podIP: this.#sandboxUp || isEnding ? this.#options.podIP : undefined,
      hostIP: this.#options.hostIP,
      startTime: this.#startTime,
      now: this.#options.clock.now(),
      sandboxUp: this.#sandboxUp,
      ending: this.#ending !== undefined,
      evicted: this.#evicted,
    }
    return podStatus(this.#pod, statuses, facts, this.#reported)
  }

  #warn(error: unknown): void {
    const message = errorText(error)
    this.#options.recorder.record(this.#pod, 'Warning', 'FailedSync', `error syncing pod: ${message}`)
  }
}
