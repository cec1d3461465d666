import type { RunEvent } from '../contract/progress.ts'
import { runFeeds } from '../contract/run-feed.ts'
import { describeEvent } from './describe-event.ts'

/** The part of Vitest that the reporter uses. */
interface ReportingVitest {
  readonly logger: { log(...args: unknown[]): void }
}

/**
 * Prints a run's progress: the mode, one line per node and gate, evidence, receipt, verdict. The plugin adds it by itself; name
 * it in `reporters` only to choose its place among others.
 */
export class SeiReporter {
  onInit(vitest: ReportingVitest): void {
    const started = Date.now()
    const passed = new Set<string>()
    runFeeds()
      .get(vitest)
      ?.subscribe((event: RunEvent) => {
        if (isRepeated(event, passed)) return
        const line = describeEvent(event, { elapsedMs: Date.now() - started, colour: process.stdout.isTTY })
        if (line !== undefined) vitest.logger.log(line)
      })
  }
}

/** A gate that has passed is looked at once more before its node counts as ready; readers need only the first time. */
function isRepeated(event: RunEvent, passed: Set<string>): boolean {
  if (event.type !== 'gate') return false
  const key = `${event.network} ${event.node} ${event.gate}`
  if (event.state !== 'passed') {
    passed.delete(key)
    return false
  }
  const known = passed.has(key)
  passed.add(key)
  return known
}
