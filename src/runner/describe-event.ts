import type { RunEvent } from '../contract/progress.ts'

export interface Style {
  /** Since the run began. */
  readonly elapsedMs: number
  readonly colour: boolean
}

/** One line for one event; `undefined` for what a reader does not need to see. */
export function describeEvent(event: RunEvent, style: Style): string | undefined {
  const text = describe(event)
  if (text === undefined) return undefined
  const seconds = `${(style.elapsedMs / 1000).toFixed(2)}s`.padStart(7)
  return style.colour
    ? `\u001B[36m sei \u001B[0m\u001B[2m${seconds}\u001B[0m  ${text}`
    : ` sei ${seconds}  ${text}`
}

function describe(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'mode': {
      const simulated = event.simulated ? ', simulated' : ''
      return `mode ${event.mode}${simulated} (from ${event.source}); run ${event.run} in ${event.folder}`
    }
    case 'cluster':
      return event.state === 'starting' ? undefined : `cluster ${event.state}${after(event.detail)}`
    case 'network':
      return `${event.network} ${event.state}${after(event.detail)}`
    case 'gate': {
      if (event.state === 'waiting' || event.state === 'not applicable') return undefined
      const mark = event.state === 'passed' ? '✓' : '✗'
      const value = event.value === undefined ? '' : `  ${event.value}`
      return `${event.node.padEnd(22)} ${mark} ${event.gate.padEnd(9)}${value}`
    }
    case 'termination': {
      // With it go the pod's helpers, each of which is recorded as well.
      if (event.container !== 'seid') return undefined
      const code = event.exitCode === undefined ? '' : ` with exit code ${event.exitCode}`
      const reason = event.reason === undefined ? '' : ` (${event.reason})`
      return `${event.node}: container ${event.container} ended${code}${reason}`
    }
    case 'notice':
      return event.network === undefined ? event.message : `${event.network}: ${event.message}`
    case 'receipt':
      return `receipt ${event.path}; ${event.left === 0 ? 'nothing left' : `${event.left} objects LEFT`}`
    case 'verdict':
      return [
        `exit ${event.exitCode}: ${event.outcome}`,
        ...event.reasons.map((reason) => `  - ${reason}`),
      ].join('\n')
  }
}

function after(detail: string | undefined): string {
  return detail === undefined || detail === '' ? '' : `: ${detail}`
}
