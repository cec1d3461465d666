import { join } from 'node:path'
import { createClient } from '../client/client.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { connectExisting } from '../clusters/existing.ts'
import { defaults } from '../contract/defaults.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { HaltOptions } from '../contract/halt-actions.ts'
import { HaltWatch } from '../run/halt-watch.ts'
import { describe } from '../run/run-halts.ts'
import { textOf, type CommandContext, type OptionValues } from './command.ts'
import { interruption } from './interrupt.ts'

/**
 * Watches the networks of a namespace and deals with their halts until SIGINT or SIGTERM; without `--act` it only says
 * what it would do. Throws what `connectExisting` throws, CLUSTER_EXITED when a simulated cluster goes away.
 */
export async function run({ options, say, note, emit }: CommandContext): Promise<number> {
  const signal = interruption()
  const haltOptions = haltOptionsOf(options)
  const cluster = await connectExisting({
    context: textOf(options['context']),
    namespace: textOf(options['namespace']),
    signal,
  })
  const client = createClient(cluster)
  const watch = new HaltWatch({
    cluster,
    client,
    options: haltOptions,
    network: textOf(options['network']),
    folder: join('.sei', 'supervise'),
    onNetwork: (network, nodes) => {
      note(`watches ${network}: ${nodes.join(', ')}`)
      emit({ event: 'network', network, nodes })
    },
    onVerdict: (network, verdict) => emit({ event: 'verdict', network, ...verdict }),
    onNotification: (notification) => {
      say(`${notification.at} ${describe(notification)}`)
      emit({ event: 'halt', ...notification })
    },
    onNotice: note,
  })
  try {
    note(cluster.describe())
    note(`${haltOptions.act === true ? 'acts on' : 'watches, without acting on,'} halts; Ctrl-C ends it.`)
    emit({ event: 'watching', namespace: cluster.namespace, act: haltOptions.act === true })
    watch.start()
    await ended(signal, cluster)
  } finally {
    await watch.close()
    client.close()
    await cluster.close()
  }
  emit({ event: 'closed' })
  return exitCodes.passed
}

function haltOptionsOf(options: OptionValues): HaltOptions {
  const configMap = textOf(options['images-from'])
  const webhook = textOf(options['webhook'])
  const { linger } = options
  return {
    act: options['act'] === true,
    images: configMap === undefined ? (options['image'] as Record<string, string>) : { configMap },
    ...(webhook === undefined ? {} : { notify: { webhook } }),
    // The default is a time of the cluster's clock, which may be faster than ours.
    ...(linger === defaults.haltLingerMs ? {} : { lingerMs: Number(linger) }),
  }
}

/** Resolves on the signal, rejects when the cluster goes away. */
async function ended(signal: AbortSignal, { exited }: Cluster): Promise<void> {
  if (signal.aborted) return
  const told = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  )
  // Watches and timers do not keep the process alive; waiting does.
  const alive = setInterval(() => {}, 1_000_000)
  try {
    const lost = await Promise.race([told, exited])
    if (lost !== undefined) throw lost
  } finally {
    clearInterval(alive)
  }
}
