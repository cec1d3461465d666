import { scenarioStages } from '../contract/scenario.ts'
import type { ScenarioEvent } from '../scenario/run/options.ts'

const width = Math.max(...scenarioStages.map((stage) => stage.length))

/** One line for people; undefined for what is told otherwise. */
export function describeEvent(event: ScenarioEvent): string | undefined {
  switch (event.event) {
    case 'stage':
      if (event.state === 'begin') return `${event.stage.padEnd(width)} …`
      return `${event.stage.padEnd(width)} ${event.state === 'end' ? `done, ${seconds(event.tookMs)}` : `failed: ${event.error}`}`
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

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`
}
