import type { HaltVerdict } from '../../contract/halts.ts'
import { explains, type Disruptions, type Incident, type OpenDisruption } from '../disruptions.ts'
import type { NetworkJudge } from './judge.ts'
import type { Loss } from './loss.ts'
import type { Verdicts } from './verdicts.ts'

export interface IncidentsOptions {
  readonly network: string
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  readonly judge: Pick<NetworkJudge, 'needsAnyOf' | 'tip'>
  readonly signal: AbortSignal
  onLoss(loss: Loss): void
}

/** What is said of an incident. */
interface Report {
  readonly since: string
  readonly says: string
  /** Whether its verdict is told to those who ask for halts. @default true */
  readonly told?: boolean
}

/** What happens to one network: each thing is told once, and is a loss where no window explains it. */
export class Incidents {
  readonly #options: IncidentsOptions
  /** What has been told of halts that last: an intent is seen with every look. */
  readonly #told = new Set<string>()

  constructor(options: IncidentsOptions) {
    this.#options = options
  }

  /** An incident that a halt is the reason of. */
  halt(cause: Incident['cause'], { kind, height, planName }: HaltVerdict, node?: string): Incident {
    return {
      network: this.#options.network,
      cause,
      ...(node === undefined ? {} : { node }),
      halt: {
        kind,
        ...(height === undefined ? {} : { height }),
        ...(planName === undefined ? {} : { planName }),
      },
    }
  }

  /** Whether this has not been told yet; from now on it has. */
  isNews(what: string): boolean {
    if (this.#told.has(what)) return false
    this.#told.add(what)
    return true
  }

  /** A window has closed: what goes on after it is told anew. */
  forget(): void {
    this.#told.clear()
  }

  /** Tells of a verdict once, and of a loss where nothing explains it: no open window, nor one of `windows`. */
  raise(
    incident: Incident,
    verdict: HaltVerdict | undefined,
    { since, says, told = true }: Report,
    windows: readonly OpenDisruption[] = [],
  ): void {
    const { network, verdicts, onLoss, signal, judge } = this.#options
    if (signal.aborted) return
    const { node, cause } = incident
    const isNews = this.isNews(`${cause} ${node} ${verdict?.kind} ${verdict?.height}`) || cause === 'exit'
    if (verdict !== undefined && isNews && told) verdicts.record(network, verdict)
    if (this.#isExplained(incident) || windows.some(({ window }) => explains(window, incident))) return
    const height = verdict?.height ?? judge.tip
    onLoss({ network, cause, node, height, since, says, verdict })
  }

  /** The window under which the network may stand: of all of it, or of nodes without which there is no quorum. */
  excuseOf(cause: 'stall' | 'quorum'): OpenDisruption | undefined {
    const { network, disruptions, judge } = this.#options
    const windows = disruptions.of(network).filter(({ window }) => explains(window, { network, cause }))
    const away = new Set(windows.flatMap(({ window }) => (window.node === undefined ? [] : [window.node])))
    const whole = windows.find(({ window }) => window.node === undefined)
    return whole ?? (judge.needsAnyOf(away) ? windows[0] : undefined)
  }

  #isExplained(incident: Incident): boolean {
    if (incident.cause === 'stall' || incident.cause === 'quorum')
      return this.excuseOf(incident.cause) !== undefined
    return this.#options.disruptions.explaining(incident) !== undefined
  }
}
