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
    runFeeds()
      .get(vitest)
      ?.subscribe((event: RunEvent) => {
        const line = describeEvent(event, { elapsedMs: Date.now() - started, colour: process.stdout.isTTY })
        if (line !== undefined) vitest.logger.log(line)
      })
  }
}
