import type { FingerprintReport } from '../../contract/fingerprint.ts'
import { SeiError } from '../../errors/sei-error.ts'

/** One line for each comparison, with the fix under what differs. */
function fingerprintTable({ rows }: FingerprintReport): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  return rows
    .flatMap(({ name, agrees, allowed, expected, found, fix }) => {
      const verdict = agrees ? 'agrees' : allowed ? 'differs, allowed' : 'DIFFERS'
      const line = `  ${name.padEnd(width)}  ${verdict}: expected ${expected}; found ${found}`
      return agrees || fix === undefined ? [line] : [line, `  ${' '.repeat(width)}  fix: ${fix}`]
    })
    .join('\n')
}

/** Throws PREFLIGHT_FAILED with the table where something differs that was not allowed. */
export function refuseDrift(report: FingerprintReport): void {
  if (report.drift.length === 0) return
  throw new SeiError(
    `the fingerprints disagree, and nothing was applied: ${report.drift.join(', ')}\n${fingerprintTable(report)}`,
    {
      class: 'infra',
      code: 'PREFLIGHT_FAILED',
      hint: `mend what differs, or let it pass and be recorded: --allow-drift ${report.drift.join(',')}`,
      details: { drift: report.drift, rows: report.rows },
    },
  )
}
