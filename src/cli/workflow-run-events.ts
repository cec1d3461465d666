import { scenarioStages, type ScenarioStage } from '../contract/scenario.ts'
import type { ScenarioEvent } from '../scenario/run/options.ts'

const width = Math.max(...scenarioStages.map((stage) => stage.length))

/** One line for people; undefined for what is told otherwise. */
export function describeEvent(event: ScenarioEvent): string | undefined {
  switch (event.event) {
    case 'stage':
      return `${event.stage.padEnd(width)} ${stateOf(event)}`
    case 'step': {
      const { step, result, exitCode, reason } = event
      const why = [exitCode === undefined ? '' : `exit code ${exitCode}`, reason ?? ''].filter(
        (part) => part !== '',
      )
      return `  ${step}: ${result}${why.length === 0 || result === 'pass' ? '' : `, ${why.join(', ')}`}`
    }
    case 'defence':
      return `  ${event.line}: ${event.what}`
    case 'warning':
      return `warning: ${event.message}`
    case 'verdict':
      return undefined
  }
}

/** What ends a run before there is a Workflow is told once, as the command's error. */
const alone: ReadonlySet<ScenarioStage> = new Set(['fetch', 'substitute', 'apply'])

function stateOf(event: ScenarioEvent & { event: 'stage' }): string {
  if (event.state === 'begin') return '…'
  if (event.state === 'end') return `done, ${seconds(event.tookMs)}`
  return alone.has(event.stage) ? 'failed' : `failed: ${event.error}`
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`
}
