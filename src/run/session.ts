import type { Reporter, TestModule, TestProject, TestSpecification, Vitest } from 'vitest/node'
import { providedKey } from '../contract/lease.ts'
import { checkAvailable } from '../clusters/open.ts'
import { resolveMode } from '../contract/modes.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import { mergeOptions } from '../contract/resolve-spec.ts'
import { runFeeds } from '../contract/run-feed.ts'
import type { PluginOptions } from '../contract/spec.ts'
import { usageError } from '../errors/sei-error.ts'
import { Feed } from './feed.ts'
import { readFileSpecs, type TestFile } from './file-specs.ts'
import { beginOpening } from './opening.ts'
import { Outcomes } from './outcomes.ts'
import { newRunId } from './run-id.ts'
import { makeRunFolder } from './run-folder.ts'
import { atRoot, runOptionsOf } from './run-options.ts'
import { takeOverSignals } from './signals.ts'
import type { Supervisor } from './supervisor.ts'
import { recordTests } from './test-outcomes.ts'

const sessions = new WeakMap<Vitest, Session>()

/** The one session of a Vitest instance; made at the first project that has the plugin. */
export function sessionOf(vitest: Vitest): Session {
  const known = sessions.get(vitest)
  if (known !== undefined && !known.closed) return known
  // The config has changed and Vitest begins anew: what became of the run before is no longer its exit code.
  known?.retire()
  const session = new Session(vitest)
  sessions.set(vitest, session)
  return session
}

/**
 * Ties a supervisor to the life cycle of one Vitest: signals from the first moment, specs and provisioning when a run
 * starts, capture and deletion when Vitest closes, the exit code in the only place that is unconditional.
 *
 * It uses reporter hooks rather than a globalSetup file: they do not run for `list` or merged reports, come before
 * anything is dispatched, and see exactly the files of this run or rerun.
 */
export class Session {
  readonly reporter: Reporter
  closed = false
  readonly #vitest: Vitest
  readonly #run: string = newRunId()
  readonly #feed: Feed
  readonly #outcomes = new Outcomes()
  readonly #projects = new Map<TestProject, PluginOptions>()
  readonly #giveBackSignals: () => void
  #supervisor: Supervisor | undefined
  #hasRun = false
  #signalled: string | undefined

  constructor(vitest: Vitest) {
    this.#vitest = vitest
    this.#feed = new Feed(this.#run, (why) => this.#outcomes.add('noVerdict', why))
    runFeeds().set(vitest, this.#feed)
    this.#giveBackSignals = takeOverSignals((signal) => this.#onSignal(signal))
    this.reporter = {
      onTestRunStart: (specifications) => this.#onRunStart(specifications),
      onTestModuleQueued: () => this.#followCancel(),
      onTestModuleEnd: (module) => this.#onModuleEnd(module),
      onTestRunEnd: (modules, unhandled, reason) => {
        recordTests(this.#outcomes, modules, unhandled, reason === 'interrupted')
      },
    }
    vitest.onClose(() => this.#close())
    // Vitest writes its own exit code late and from several places; nothing comes after this listener.
    process.on('exit', this.#setExitCode)
  }

  readonly #setExitCode = (): void => {
    if (this.#outcomes.decided !== 'passed') process.exitCode = this.#outcomes.exitCode
  }

  retire(): void {
    process.off('exit', this.#setExitCode)
  }

  /** A project may have the plugin twice, from the root of the config and of its own: then the latter goes over the former. */
  addProject(project: TestProject, options: PluginOptions): void {
    const known = this.#projects.get(project)
    this.#projects.set(project, known === undefined ? options : mergeOptions(known, options))
    project.provide(providedKey, null)
  }

  /** Bad input: said once, exit code 64, nothing created. */
  refuse(problems: readonly Problem[]): never {
    const { message } = usageError(problems, 'BAD_OPTIONS')
    this.#outcomes.add('usage', message)
    this.#stop(message)
  }

  /** Ends the run before it has begun. A plain error without a stack: Vitest prints every property and frame. */
  #stop(message: string): never {
    const error = new Error(message)
    error.name = 'SeiError'
    error.stack = `${error.name}: ${message}`
    throw error
  }

  async #onRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    if (this.#signalled !== undefined) this.#stop(`cancelled by ${this.#signalled}`)
    if (this.#hasRun) this.#outcomes.beginRerun()
    this.#hasRun = true
    const files = specifications.flatMap(({ project, moduleId }): TestFile[] => {
      const options = this.#projects.get(project)
      return options === undefined ? [] : [{ file: moduleId, project: project.name, options }]
    })
    if (files.length === 0) return
    const { specs, wanted, problems } = await readFileSpecs(files, this.#vitest.config.root)
    if (problems.length > 0) this.refuse(problems)
    const supervisor = (this.#supervisor ??= await this.#createSupervisor(wanted.length > 0))
    if (this.#signalled !== undefined) {
      supervisor.cancel(this.#signalled)
      this.#stop(`cancelled by ${this.#signalled}`)
    }
    const api = await supervisor.beginRun(specs)
    for (const project of this.#projects.keys()) {
      project.provide(providedKey, { ...api, project: project.name })
    }
    supervisor.prewarm(wanted)
  }

  /** The cluster is begun first: it starts in the time that the supervisor's modules take to load. */
  async #createSupervisor(isWanted: boolean): Promise<Supervisor> {
    const { root } = this.#vitest.config
    const options = atRoot(this.#accept(runOptionsOf([...this.#projects.values()])), root)
    const mode = this.#accept(checkAvailable(this.#accept(resolveMode(options.mode, process.env))))
    const folder = this.#accept(makeRunFolder(root, options.runFolder, this.#run))
    const opening = isWanted ? beginOpening(mode, options) : undefined
    try {
      const { Supervisor } = await import('./supervisor.ts')
      return new Supervisor({
        run: this.#run,
        root,
        folder,
        mode,
        options,
        feed: this.#feed,
        outcomes: this.#outcomes,
        opening,
        haltRun: () => this.#inBackground('halting the run', this.#vitest.cancelCurrentRun('test-failure')),
      })
    } catch (error) {
      void opening?.cluster.then(
        (cluster) => cluster.close(),
        () => {},
      )
      throw error
    }
  }

  #accept<T>(checked: Checked<T>): T {
    return checked.ok ? checked.value : this.refuse(checked.problems)
  }

  #onModuleEnd(module: TestModule): void {
    this.#supervisor?.release(module.project.name, module.moduleId)
  }

  /** Vitest forgets cancel listeners at the start of each run, after onTestRunStart: hence once per queued module. */
  #followCancel(): void {
    this.#unfollow?.()
    this.#unfollow = this.#vitest.onCancel((reason) => {
      if (reason === 'keyboard-input') this.#outcomes.add('cancelled', 'from the keyboard')
      this.#supervisor?.cancelPending(reason)
    })
  }
  #unfollow: (() => void) | undefined

  #onSignal(signal: string): void {
    this.#signalled = signal
    this.#outcomes.add('cancelled', signal)
    this.#feed.emit({
      type: 'notice',
      message: `${signal}: unwinding; a second signal ends the process at once`,
    })
    this.#supervisor?.cancel(signal)
    this.#inBackground('cancelling the run', this.#unwind())
  }

  async #unwind(): Promise<void> {
    await this.#vitest.cancelCurrentRun('keyboard-input')
    if (this.#vitest.config.watch) await this.#vitest.exit(true)
  }

  /** Nobody waits for it, and an unhandled rejection would end this process without any clean-up. */
  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#outcomes.add('noVerdict', `${what} failed: ${String(error)}`))
  }

  async #close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    try {
      await this.#supervisor?.close()
    } catch (error) {
      this.#outcomes.add('noVerdict', `clean-up failed: ${String(error)}`)
    } finally {
      const { decided, exitCode, all } = this.#outcomes
      const reasons = all.map(({ outcome, reason }) => `${outcome}: ${reason}`)
      if (exitCode !== 0) this.#feed.emit({ type: 'verdict', outcome: decided, exitCode, reasons })
      this.#giveBackSignals()
    }
  }
}
