import { pause } from '../contract/time.ts'
import { SeiError, usageError } from '../errors/sei-error.ts'
import { timeOf } from './cluster-time.ts'

/** See `SeiClient.advance`. */
export async function advance(
  clockUrl: string | undefined,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!Number.isFinite(ms) || ms < 0)
    throw usageError([
      {
        what: `${String(ms)} is no time in ms`,
        where: 'sei.advance(ms)',
        expected: 'a number from 0',
        fix: 'sei.advance(60_000) lets a minute pass',
      },
    ])
  if (clockUrl === undefined)
    throw new SeiError('the clock of this cluster is not virtual', {
      class: 'usage',
      code: 'CAPABILITY_MISSING',
      hint: "sei({ embedded: { clock: 'virtual' } }), or seitask up --clock virtual",
    })
  await pause(timeOf(clockUrl), ms, signal)
}
