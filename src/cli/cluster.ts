import { once } from 'node:events'
import { startEmbedded } from '../clusters/embedded.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { CommandContext } from './command.ts'

/** Starts a simulated cluster, says where its kubeconfig is, and stays up until it is told to end. */
export async function run({ options, say, emit }: CommandContext): Promise<number> {
  const stop = new AbortController()
  const told = Promise.race(['SIGINT', 'SIGTERM'].map((name) => once(process, name, { signal: stop.signal })))
  const cluster = await startEmbedded({ rate: Number(options.rate), blockMs: Number(options['block-ms']) })
  emit({ event: 'ready', kubeconfigPath: cluster.kubeconfigPath, server: cluster.connection.server })
  say(cluster.kubeconfigPath)
  await told
  stop.abort()
  await cluster.close()
  emit({ event: 'closed' })
  return exitCodes.passed
}
