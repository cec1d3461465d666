import { endNamed } from '../clusters/named-clusters.ts'
import { withLock } from '../clusters/named/lock.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { CommandContext } from './command.ts'
import { interruption } from './interrupt.ts'

/** Ends a named cluster, however it stands, and removes its folder. Throws CLUSTER_UNAVAILABLE when a process of it does not end. */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const name = String(options['name'])
  const signal = interruption()
  const ended = await withLock(name, { env: process.env, signal }, () => endNamed(process.env, name))
  say(ended ? `cluster ${name} is down` : `no cluster ${name} is up`)
  emit({ event: 'down', name, ended })
  return exitCodes.passed
}
