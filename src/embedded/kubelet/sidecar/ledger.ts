import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { TaskRecord } from './files.ts'
import { handlers, type TaskContext } from './handlers.ts'
import type { Params } from './params.ts'

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

export function createLedger(clock: Clock, context: TaskContext, log: (line: string) => void): TaskLedger {
  return new Ledger(clock, context, log)
}

class Ledger implements TaskLedger {
  readonly #clock: Clock
  readonly #context: TaskContext
  readonly #log: (line: string) => void
  readonly #tasks: Map<string, TaskRecord>
  readonly #cancels = new Set<() => void>()

  constructor(clock: Clock, context: TaskContext, log: (line: string) => void) {
    this.#clock = clock
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
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }

  #execute(record: TaskRecord): void {
    const handler = handlers.get(record.type)
    if (handler === undefined) return
    const wrong = errorOf(() => handler.check?.(record.params, this.#context))
    if (wrong !== undefined) {
      this.#finish(record, wrong)
      return
    }
    const work = (): void =>
      this.#finish(
        record,
        errorOf(() => {
          record.result = handler.run(record.params, this.#context)
        }),
      )
    if (handler.durationMs === 0) {
      work()
      return
    }
    const cancel = this.#clock.after(handler.durationMs, () => {
      this.#cancels.delete(cancel)
      work()
    })
    this.#cancels.add(cancel)
  }

  #finish(record: TaskRecord, error: string | undefined): void {
    record.status = error === undefined ? 'completed' : 'failed'
    if (error !== undefined) record.error = error
    record.completedAt = this.#context.now().toISOString()
    const detail = error === undefined ? '' : ` error=${JSON.stringify(error)}`
    this.#log(`task ${record.status} type=${record.type} id=${record.id} run=${record.run}${detail}`)
  }
}

/** What the step throws, as text. */
function errorOf(step: () => void): string | undefined {
  try {
    step()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
