import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { TaskRecord } from './files.ts'
import { TaskFailure, type TaskContext } from './handler.ts'
import { handlerOf } from './handlers.ts'
import type { Params } from './params.ts'
import { errorText } from '../../../errors/error-text.ts'

/** Executes tasks and keeps their outcome on the volume. */
export interface TaskLedger {
  /**
   * The id is the idempotency key: one that is running or completed is left alone, one that failed is executed again.
   * Returns the id.
   */
  submit(id: string | undefined, type: string, params: Params): string
  get(id: string): TaskRecord | undefined
  /** Newest first, up to 100. */
  list(): TaskRecord[]
  delete(id: string): boolean
  stop(): void
}

const listed = 100

export function createLedger(context: TaskContext, log: (line: string) => void): TaskLedger {
  return new Ledger(context, log)
}

class Ledger implements TaskLedger {
  readonly #clock: Clock
  readonly #context: TaskContext
  readonly #log: (line: string) => void
  readonly #tasks: Map<string, TaskRecord>
  readonly #stopping = new AbortController()

  constructor(context: TaskContext, log: (line: string) => void) {
    this.#clock = context.clock
    this.#context = context
    this.#log = log
    this.#tasks = context.files.tasks
    // A crash leaves tasks running; handlers are idempotent, so they are executed again.
    for (const record of this.#tasks.values()) if (record.status === 'running') this.#execute(record)
  }

  submit(id: string = randomUUID(), type: string, params: Params): string {
    const known = this.#tasks.get(id)
    if (known !== undefined && known.status !== 'failed') return id
    const record: TaskRecord = {
      id,
      type,
      params,
      status: 'running',
      run: (known?.run ?? 0) + 1,
      submittedAt: this.#context.now().toISOString(),
    }
    this.#tasks.set(id, record)
    this.#execute(record)
    return id
  }

  get(id: string): TaskRecord | undefined {
    return this.#tasks.get(id)
  }

  list(): TaskRecord[] {
    return [...this.#tasks.values()].toReversed().slice(0, listed)
  }

  delete(id: string): boolean {
    return this.#tasks.delete(id)
  }

  stop(): void {
    this.#stopping.abort(new Error('the sidecar has ended'))
  }

  /** What takes no time is over when this returns. */
  #execute(record: TaskRecord): void {
    const handler = handlerOf(record.type, this.#context.era)
    if (handler === undefined) return
    const running = { id: record.id, signal: this.#stopping.signal }
    try {
      handler.check?.(record.params, this.#context)
      if (handler.durationMs > 0) {
        const begun = this.#clock.sleep(handler.durationMs, running.signal)
        void this.#settle(
          record,
          begun.then(() => handler.run(record.params, this.#context, running)),
        )
        return
      }
      const result = handler.run(record.params, this.#context, running)
      if (result instanceof Promise) void this.#settle(record, result)
      else this.#finish(record, result)
    } catch (error) {
      this.#fail(record, error)
    }
  }

  async #settle(record: TaskRecord, work: Promise<unknown>): Promise<void> {
    try {
      this.#finish(record, await work)
    } catch (error) {
      // With the sidecar's process the record stays as it is: running.
      if (!this.#stopping.signal.aborted) this.#fail(record, error)
    }
  }

  #finish(record: TaskRecord, result: unknown): void {
    if (result !== undefined) record.result = result
    this.#end(record, 'completed')
  }

  #fail(record: TaskRecord, error: unknown): void {
    record.error = errorText(error)
    if (error instanceof TaskFailure) record.result = error.result
    this.#end(record, 'failed')
  }

  #end(record: TaskRecord, status: 'completed' | 'failed'): void {
    record.status = status
    record.completedAt = this.#context.now().toISOString()
    const detail = record.error === undefined ? '' : ` error=${JSON.stringify(record.error)}`
    this.#log(`task ${status} type=${record.type} id=${record.id} run=${record.run}${detail}`)
  }
}
