import type { SimulationOptions } from '../clusters/pace.ts'
import type { SimulatedCluster } from '../clusters/simulated.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { textOf, type CommandContext } from './command.ts'
import { clockOf, imagesOf } from './named-options.ts'

/**
 * Starts a simulated cluster, on the embedded API server or with `--envtest` on a real one, says where its kubeconfig is,
 * and stays up until SIGINT or SIGTERM. Throws RUN_CANCELLED when that comes before it is up, CLUSTER_EXITED when it goes
 * away on its own.
 */
export async function run({ options, say, note, emit }: CommandContext): Promise<number> {
  const stop = new AbortController()
  const told = new Promise<undefined>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'])
      process.on(name, () => {
        stop.abort()
        resolve(undefined)
      })
  })
  const cluster = await start(options['envtest'] === true, {
    rate: Number(options.rate),
    blockMs: Number(options['block-ms']),
    clock: clockOf(options),
    definitions: textOf(options['definitions']),
    images: imagesOf(options),
    chaosMesh: options['no-chaos-mesh'] !== true,
    signal: stop.signal,
  })
  // The cluster's process does not keep this one alive; waiting does.
  const alive = setInterval(() => {}, 1_000_000)
  try {
    say(cluster.kubeconfigPath)
    note(`${cluster.describe()} get seinetworks --all-namespaces --watch`)
    note('Ctrl-C ends it.')
    const { mode, kubeconfigPath, pid, info, rate, clockUrl } = cluster
    emit({ event: 'ready', mode, kubeconfigPath, server: info.server, rate, clockUrl, pid, simulated: true })
    const lost = await Promise.race([told, cluster.exited])
    if (lost !== undefined) throw lost
  } finally {
    clearInterval(alive)
    await cluster.close()
  }
  emit({ event: 'closed' })
  return exitCodes.passed
}

async function start(real: boolean, options: SimulationOptions): Promise<SimulatedCluster> {
  if (real) return (await import('../clusters/envtest.ts')).startEnvtest(options)
  return (await import('../clusters/embedded.ts')).startEmbedded(options)
}
