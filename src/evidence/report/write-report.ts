import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScenarioReport, ScenarioRun } from '../../contract/scenario.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import { captureFailed } from '../seal.ts'
import { headlineOf } from './headline.ts'
import { withBlocks } from './heights.ts'
import { renderSummary } from './summary.ts'

export const reportName = 'report.json'
const summaryName = 'summary.md'

/**
 * Writes `report.json` and `summary.md`, both redacted, into the folder, which is made if need be, and gives back what was
 * written. Throws only CAPTURE_FAILED.
 */
export async function writeReport(
  run: ScenarioRun,
  folder: string,
  redactor: Redactor = createRedactor(),
): Promise<ScenarioReport> {
  const { heights } = run
  const produced = heights === undefined ? {} : { heights: heights.map(withBlocks) }
  const report = redactor.data({
    version: 1,
    headline: headlineOf(run),
    ...run,
    ...produced,
  }) as ScenarioReport
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, reportName), redactor.text(`${JSON.stringify(report, null, 2)}\n`))
    await writeFile(join(folder, summaryName), redactor.text(renderSummary(report)))
    return report
  } catch (cause) {
    throw captureFailed(folder, cause)
  }
}
