import { randomBytes } from 'node:crypto'
import type { Container, ContainerStatus } from '../../contract/objects.ts'
import type { Clock } from '../clock.ts'
import { goDuration } from '../../contract/go-duration.ts'
import { createBackOff } from './backoff.ts'
import { imageId, pullImage } from './images.ts'
import { createLogBuffer, type LogBuffer } from './log-buffer.ts'
import { isMissing, runtimeOf } from './container-start.ts'
import { probeContainer } from './container-probes.ts'
import { timestamp } from './recorder.ts'
import type { ContainerExit, ContainerRun, Runtime, Sandbox } from './runtime/types.ts'
import { simulatedNowMs } from './simulated-time.ts'
import { errorText } from '../../errors/error-text.ts'

export type ContainerKind = 'init' | 'sidecar' | 'main'

export interface ContainerOptions {
  readonly container: Container
  readonly kind: ContainerKind
  readonly sandbox: Sandbox
  /** Records an event about the pod, with this container as its field. */
  readonly record: (type: 'Normal' | 'Warning', reason: string, message: string) => void
  /** The status changed. */
  readonly changed: () => void
}

/** One container of a pod, through all its runs. */
export interface ContainerWorker {
  readonly name: string
  status(): ContainerStatus
  /** Pulls, creates and starts it, now and after each exit. Call once. */
  start(): void
  /** Resolves when the next container may start: it completed (init), is started (sidecar), or is running (main). */
  readonly passed: Promise<void>
  /** Ends it for good: SIGTERM, and SIGKILL once `graceMs` of simulated time have passed. */
  stop(graceMs: number): Promise<void>
  /** Its image was changed: what runs is ended, and started again with that. */
  change(container: Container): void
  /** Kills what runs, from outside of the kubelet: it starts again as after any exit. False when nothing runs. */
  kill(): boolean
  /** Log of the current run, or of the one before; `undefined` when there was none. */
  log(previous: boolean): LogBuffer | undefined
}

/** Simulated time from an image being there to the container being created, and to it being started. */
const createMs = 50
const startMs = 120
/** Bytes kept of a program's log, as a kubelet does by default. */
const keptBytes = 10 * 1024 * 1024
/** Real ms that a program has at least to end by itself, unless its pod gives it less. */
const leastGraceMs = 2_000
/** The kubelet notices an exit and acts on it about this much later. */
const syncMs = 1_000

export function createContainer(options: ContainerOptions): ContainerWorker {
  return new Worker(options)
}

class Worker implements ContainerWorker {
  readonly name: string
  readonly passed: Promise<void>
  #options: ContainerOptions
  readonly #clock: Clock
  readonly #pass: () => void
  readonly #stopping = new AbortController()
  readonly #backOff = createBackOff()
  #status: ContainerStatus
  #run: ContainerRun | undefined
  #current: LogBuffer | undefined
  #previous: LogBuffer | undefined
  #over: Promise<void> | undefined

  constructor(options: ContainerOptions) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#options = options
    this.#clock = options.sandbox.clock
    this.name = options.container.name
    this.passed = promise
    this.#pass = resolve
    const initialising = (options.sandbox.pod.spec.initContainers ?? []).length > 0
    this.#status = {
      name: this.name,
      image: options.container.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: initialising ? 'PodInitializing' : 'ContainerCreating' } },
      lastState: {},
    }
  }

  status(): ContainerStatus {
    return this.#status
  }

  log(previous: boolean): LogBuffer | undefined {
    return previous ? this.#previous : this.#current
  }

  start(): void {
    this.#over ??= this.#live().catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return
      this.#options.record('Warning', 'Failed', `Error: ${errorText(error)}`)
    })
  }

  change(container: Container): void {
    if (container.image === this.#options.container.image) return
    this.#options = { ...this.#options, container }
    const run = this.#run
    if (run === undefined || this.#stopping.signal.aborted) return
    this.#options.record('Normal', 'Killing', `Container ${this.name} definition changed, will be restarted`)
    run.kill('SIGTERM')
    const { terminationGracePeriodSeconds = 30 } = this.#options.sandbox.pod.spec
    this.#clock.after(this.#grace(terminationGracePeriodSeconds * 1_000), () => run.kill('SIGKILL'))
  }

  kill(): boolean {
    this.#run?.kill('SIGKILL')
    return this.#run !== undefined
  }

  async stop(graceMs: number): Promise<void> {
    const run = this.#run
    if (run !== undefined && this.#status.state?.running !== undefined)
      this.#options.record('Normal', 'Killing', `Stopping container ${this.name}`)
    this.#stopping.abort()
    run?.kill('SIGTERM')
    const cancel = this.#clock.after(this.#grace(graceMs), () => run?.kill('SIGKILL'))
    await this.#over
    cancel()
    // A container that waited for its next run ends as its last run did.
    const last = this.#status.lastState?.terminated
    if (this.#status.state?.waiting !== undefined && last !== undefined)
      this.#set({ state: { terminated: last }, lastState: {} })
  }

  /** A program runs in real time, however fast the cluster's clock is. */
  #grace(graceMs: number): number {
    if (this.#options.sandbox.local === undefined) return graceMs
    return Math.max(graceMs, Math.min(graceMs, leastGraceMs) * this.#clock.rate)
  }

  #set(change: Partial<ContainerStatus>): void {
    this.#status = { ...this.#status, ...change }
    this.#options.changed()
  }

  async #live(): Promise<void> {
    const { signal } = this.#stopping
    const { kind, record, sandbox } = this.#options
    let restart: Restart | undefined
    let container: Container | undefined
    let missing = false
    const waiting = (reason: string, message: string): void =>
      this.#set({ state: { waiting: { reason, message } } })
    for (;;) {
      if (container !== this.#options.container) {
        container = this.#options.container
        missing = isMissing(sandbox, container, record)
      }
      await pullImage({
        clock: this.#clock,
        image: container.image,
        missing,
        signal,
        record,
        waiting,
      })
      const start = await runtimeOf({ container, kind, sandbox, signal, record, waiting })
      const exitCode = await this.#runOnce(start, restart)
      if (signal.aborted || !this.#startsAgain(exitCode)) return
      restart = await this.#waitForRestart()
    }
  }

  /** Creates and starts the container; resolves to its exit code. What it is the restart of shows once it runs, as recorded. */
  async #runOnce(start: Runtime, restart: Restart | undefined): Promise<number> {
    const { signal } = this.#stopping
    const { container, kind, record, sandbox } = this.#options
    await this.#clock.sleep(createMs, signal)
    record('Normal', 'Created', `Created container: ${this.name}`)
    await this.#clock.sleep(startMs, signal)
    const log = createLogBuffer(() => this.#clock.now(), sandbox.local === undefined ? undefined : keptBytes)
    this.#previous = this.#current
    this.#current = log
    const containerID = `containerd://${randomBytes(32).toString('hex')}`
    const startedAt = timestamp(this.#clock.now())
    const run = start({ sandbox, container, log: (line) => log.append(line) })
    this.#run = run
    record('Normal', 'Started', `Started container ${this.name}`)
    const probes = new AbortController()
    const started = container.startupProbe === undefined && kind !== 'init'
    const ready = started && container.readinessProbe === undefined
    this.#set({
      ...restart,
      containerID,
      image: container.image,
      imageID: imageId(container.image),
      started,
      ready,
      state: { running: { startedAt } },
    })
    if (kind === 'main' || (kind === 'sidecar' && started)) this.#pass()
    if (kind !== 'init')
      probeContainer({
        container,
        sandbox,
        record,
        signal: probes.signal,
        onStarted: () => {
          this.#set({ started: true })
          if (kind === 'sidecar') this.#pass()
        },
        onReady: (ready) => {
          if (this.#status.ready !== ready) this.#set({ ready })
        },
      })
    const exit = await run.exited
    probes.abort()
    log.end()
    this.#run = undefined
    const { exitCode } = exit
    const finishedAt = timestamp(this.#clock.now())
    const terminated = { ...endOf(exit), startedAt, finishedAt, containerID }
    const done = kind === 'init' && exitCode === 0
    this.#set({ state: { terminated }, started: false, ready: done })
    if (done) this.#pass()
    return exitCode
  }

  #startsAgain(exitCode: number): boolean {
    const { kind, sandbox } = this.#options
    if (kind === 'sidecar') return true
    const policy = sandbox.pod.spec.restartPolicy ?? 'Always'
    if (kind === 'init') return exitCode !== 0 && policy !== 'Never'
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
  }

  async #waitForRestart(): Promise<Restart> {
    const { signal } = this.#stopping
    const { record, sandbox } = this.#options
    const { name, namespace = '', uid = '' } = sandbox.pod.metadata
    const waitMs = this.#backOff.afterExit(simulatedNowMs(this.#clock))
    const terminated = this.#status.state?.terminated
    const lastState = terminated === undefined ? {} : { terminated }
    await this.#clock.sleep(syncMs, signal)
    if (waitMs > 0) {
      const pod = `${name}_${namespace}(${uid})`
      record('Warning', 'BackOff', `Back-off restarting failed container ${this.name} in pod ${pod}`)
      const message = `back-off ${goDuration(waitMs)} restarting failed container=${this.name} pod=${pod}`
      this.#set({ state: { waiting: { reason: 'CrashLoopBackOff', message } }, lastState })
      await this.#clock.sleep(Math.max(waitMs - syncMs, 0), signal)
    }
    return { restartCount: this.#status.restartCount + 1, lastState }
  }
}

type Restart = Required<Pick<ContainerStatus, 'lastState' | 'restartCount'>>

function endOf({ exitCode, reason, message }: ContainerExit): {
  exitCode: number
  reason: string
  message?: string
} {
  const usual = exitCode === 0 ? 'Completed' : 'Error'
  return { exitCode, reason: reason ?? usual, ...(message === undefined ? {} : { message }) }
}
