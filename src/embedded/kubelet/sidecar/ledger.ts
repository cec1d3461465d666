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
  const { tasks } = context.files
  const cancels = new Set<() => void>()

  const finish = (record: TaskRecord, work: () => unknown): void => {
    try {
      const result = work()
      record.status = 'completed'
      if (result !== undefined) record.result = result
    } catch (error) {
      record.status = 'failed'
      record.error = error instanceof Error ? error.message : String(error)
    }
    record.completedAt = context.now().toISOString()
    const detail = record.error === undefined ? '' : ` error=${JSON.stringify(record.error)}`
    log(`task ${record.status} type=${record.type} id=${record.id} run=${record.run}${detail}`)
  }

  const execute = (record: TaskRecord): void => {
    const handler = handlers.get(record.type)
    if (handler === undefined) return
    const work = (): unknown => handler.run(record.params, context)
    try {
      handler.check?.(record.params, context)
    } catch (error) {
      finish(record, () => {
        throw error
      })
      return
    }
    if (handler.durationMs === 0) {
      finish(record, work)
      return
    }
    const cancel = clock.after(handler.durationMs, () => {
      cancels.delete(cancel)
      finish(record, work)
    })
    cancels.add(cancel)
  }

  // A crash leaves tasks running; handlers are idempotent, so they are executed again.
  for (const record of tasks.values()) if (record.status === 'running') execute(record)

  return {
    submit(id = randomUUID(), type, params) {
      const known = tasks.get(id)
      if (known !== undefined && known.status !== 'failed') return id
      const record: TaskRecord = {
        id,
        type,
        params,
        status: 'running',
        run: (known?.run ?? 0) + 1,
        submittedAt: context.now().toISOString(),
      }
      tasks.set(id, record)
      execute(record)
      return id
    },
    get: (id) => tasks.get(id),
    list: () => [...tasks.values()].toReversed().slice(0, listed),
    delete: (id) => tasks.delete(id),
    stop() {
      for (const cancel of cancels) cancel()
      cancels.clear()
    },
  }
}
