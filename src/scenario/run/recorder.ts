import type {
  DefenceEvent,
  ScenarioStage,
  ScenarioVerdict,
  StageReport,
  StepReport,
} from '../../contract/scenario.ts'
import { errorText } from '../../errors/error-text.ts'
import type { RunScenarioOptions, ScenarioEvent } from './options.ts'
import type { RunSecrets } from './run-secrets.ts'

/** Keeps what happens to a run, in order, and tells it on. */
export class Recorder {
  readonly stages: StageReport[]
  readonly defences: DefenceEvent[] = []
  readonly #tell: (event: ScenarioEvent) => void
  readonly #secrets: Pick<RunSecrets, 'redactor'>
  readonly #told = new Map<string, string>()

  constructor(
    { stages = [], onEvent }: Pick<RunScenarioOptions, 'stages' | 'onEvent'>,
    secrets: Pick<RunSecrets, 'redactor'>,
  ) {
    this.stages = [...stages]
    this.#tell = onEvent ?? (() => {})
    this.#secrets = secrets
  }

  /** Runs one stage. What it throws is kept in the report and thrown on. */
  async stage<T>(stage: ScenarioStage, work: () => Promise<T>): Promise<T> {
    const index = this.stages.length
    const startedAt = new Date().toISOString()
    const began = performance.now()
    this.stages.push({ stage, startedAt })
    this.#tell({ event: 'stage', stage, state: 'begin' })
    try {
      const result = await work()
      this.stages[index] = { stage, startedAt, finishedAt: new Date().toISOString() }
      this.#tell({ event: 'stage', stage, state: 'end', tookMs: Math.round(performance.now() - began) })
      return result
    } catch (error) {
      const text = this.#secrets.redactor.text(errorText(error))
      this.stages[index] = { stage, startedAt, finishedAt: new Date().toISOString(), error: text }
      this.#tell({ event: 'stage', stage, state: 'failed', error: text })
      throw error
    }
  }

  defence(line: DefenceEvent['line'], what: string): void {
    const event = { at: new Date().toISOString(), line, what }
    this.defences.push(event)
    this.#tell({ event: 'defence', ...event })
  }

  warn(message: string): void {
    this.#tell({ event: 'warning', message })
  }

  verdict({ result, outcome, summary }: ScenarioVerdict): void {
    this.#tell({ event: 'verdict', result, outcome, summary })
  }

  /** Tells each step's state once. */
  step({ lastLines: _, ...report }: StepReport): void {
    const key = report.node ?? report.step
    const state = `${report.result} ${report.reason ?? ''}`
    if (report.result === 'not-run' || this.#told.get(key) === state) return
    this.#told.set(key, state)
    this.#tell({ event: 'step', ...report })
  }
}
