import { clusterFolder, readRecord, stateOf } from '../clusters/named/record.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { showDuration } from '../contract/go-duration.ts'
import { pause } from '../contract/time.ts'
import { SeiError, usageError } from '../errors/sei-error.ts'
import { timeOf } from '../probe/cluster-time.ts'
import type { CommandContext } from './command.ts'
import { interruption } from './interrupt.ts'
import { nameArgument } from './named-options.ts'

/**
 * Lets time pass on a named cluster whose clock is virtual. Throws CLUSTER_UNAVAILABLE when it is not up, BAD_INPUT when its
 * clock is real.
 */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const name = String(options['name'])
  const byMs = Number(options['by'])
  const record = await readRecord(clusterFolder(process.env, name))
  if (record === undefined || (await stateOf(record)) !== 'ready')
    throw new SeiError(`cluster ${name} is not up`, {
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      hint: `seitask up --clock virtual${nameArgument(name)}`,
    })
  if (record.clockUrl === undefined)
    throw usageError([
      {
        what: `the clock of cluster ${name} is real`,
        where: '--name',
        expected: 'a cluster that was started with --clock virtual',
        fix: `seitask down${nameArgument(name)}, then seitask up --clock virtual${nameArgument(name)}`,
      },
    ])
  const signal = interruption()
  const time = timeOf(record.clockUrl)
  const began = time.now()
  await pause(time, byMs, signal)
  const passedMs = Math.round(time.now() - began)
  say(`${showDuration(byMs)} have passed on cluster ${name}`)
  emit({ event: 'advanced', name, passedMs })
  return signal.aborted ? exitCodes.cancelled : exitCodes.passed
}
