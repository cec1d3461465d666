import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaults } from '../contract/defaults.ts'
import { SeiError, usageError } from '../errors/sei-error.ts'
import { connect } from '../kube/client.ts'
import type { ConnectionInfo } from '../kube/types.ts'
import { spawnEmbedded, type EmbeddedChild } from './child.ts'
import type { Cluster } from './cluster.ts'
import { createReach } from './reach.ts'

export interface EmbeddedOptions {
  /** Simulated milliseconds per real one, 1…1000. @default 100 */
  readonly rate?: number | undefined
  /** Real milliseconds between blocks, 10…60000. @default 100 */
  readonly blockMs?: number | undefined
  /** Namespace of objects that name none. @default 'default' */
  readonly namespace?: string | undefined
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined
  /** Existing folder that holds the kubeconfig meanwhile. @default a new temporary one, removed at the end */
  readonly stateDir?: string | undefined
}

export interface EmbeddedCluster extends Cluster {
  readonly mode: 'embedded'
  /** For kubectl; readable by this user alone, and gone once the cluster is. */
  readonly kubeconfigPath: string
  readonly pid: number
}

/**
 * Starts an embedded cluster: a process of its own that serves the Kubernetes API on loopback, with the four Sei kinds
 * installed, stand-in controllers, one node, and simulated seid. It ends with `close()` and with this process.
 * Throws BAD_OPTIONS, CLUSTER_UNAVAILABLE, RUN_CANCELLED.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedCluster> {
  const rate = inRange('rate', options.rate ?? defaults.embeddedRate, 1, 1_000)
  const blockMs = inRange('blockMs', options.blockMs ?? defaults.embeddedBlockMs, 10, 60_000)
  const own = options.stateDir === undefined ? await mkdtemp(join(tmpdir(), 'sei-embedded-')) : undefined
  const stateDir = options.stateDir ?? own ?? ''
  const cleanUp = async (): Promise<void> => {
    if (own !== undefined) await rm(own, { recursive: true, force: true })
  }
  try {
    const child = await spawnEmbedded(
      { rate, blockMs, stateDir, temporary: own !== undefined },
      options.signal,
    )
    return clusterOf(child, options.namespace ?? 'default', cleanUp)
  } catch (error) {
    await cleanUp()
    throw error
  }
}

function clusterOf(child: EmbeddedChild, namespace: string, cleanUp: () => Promise<void>): EmbeddedCluster {
  const { server, ca, token, kubeconfigPath, rate, pid } = child.ready
  const info: ConnectionInfo = { server, ca, token, namespace }
  const kube = connect(info)
  const reach = createReach(kube)
  const { promise: exited, resolve } = Promise.withResolvers<SeiError>()
  let closing: Promise<void> | undefined
  const watchOver = async (): Promise<void> => {
    const how = await child.ended
    await cleanUp()
    if (closing === undefined) resolve(goneError(pid, how))
  }
  void watchOver()
  const close = async (): Promise<void> => {
    reach.close()
    await kube.close()
    await child.stop()
    await cleanUp()
  }
  return {
    mode: 'embedded',
    simulated: true,
    rate,
    info,
    namespace,
    kube,
    kubeconfigPath,
    pid,
    reach: reach.reach,
    describe: () => `embedded cluster, simulated, clock ×${rate}: kubectl --kubeconfig ${kubeconfigPath}`,
    exited,
    close: () => (closing ??= close()),
  }
}

function goneError(pid: number, how: string): SeiError {
  return new SeiError(`the embedded cluster (process ${pid}) is gone: ${how}`, {
    class: 'infra',
    code: 'CLUSTER_EXITED',
  })
}

function inRange(name: string, value: number, from: number, to: number): number {
  if (Number.isFinite(value) && value >= from && value <= to) return value
  throw usageError(
    [
      {
        what: `${name} is ${value}`,
        where: `option embedded.${name}`,
        expected: `a number from ${from} to ${to}`,
        fix: `set embedded.${name} to a number in that range, or leave it out`,
      },
    ],
    'BAD_OPTIONS',
  )
}
