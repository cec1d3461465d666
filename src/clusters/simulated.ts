import type { KnownPace } from '../contract/defaults.ts'
import type { ApiServerDoor } from '../contract/embedded.ts'
import { SeiError } from '../errors/sei-error.ts'
import { connect } from '../kube/client.ts'
import type { ConnectionInfo } from '../kube/types.ts'
import type { Child } from './child.ts'
import type { Cluster } from './cluster.ts'
import { describeClock } from './pace.ts'
import { createReach } from './reach.ts'

/** A cluster whose nodes are simulated by a process of ours. */
export interface SimulatedCluster extends Cluster {
  /** For kubectl; readable by this user alone, and gone once the cluster is. */
  readonly kubeconfigPath: string
  /** Of the process that the cluster cannot do without. */
  readonly pid: number
}

/** One process of a cluster, by the name that an error gives it. */
export interface Part {
  readonly name: string
  readonly pid: number
  readonly child: Pick<Child<unknown>, 'ended' | 'stop'>
}

export interface Simulation {
  readonly name: string
  readonly door: ApiServerDoor
  readonly pace: KnownPace
  readonly namespace: string | undefined
  /** In the order in which they are stopped; the last one gives its pid. */
  readonly parts: readonly [...Part[], Part]
  /** Removes what is left of the cluster when its processes have ended. */
  readonly cleanUp: () => Promise<void>
}

/** The cluster that these processes are. */
export function simulatedCluster(simulation: Simulation): Omit<SimulatedCluster, 'mode'> {
  const { name, door, pace, namespace = 'default', parts, cleanUp } = simulation
  const { kubeconfigPath, server, ca, token } = door
  const info: ConnectionInfo = { server, ca, token, namespace }
  const kube = connect(info)
  const reach = createReach(kube)
  const { promise: exited, resolve } = Promise.withResolvers<SeiError>()
  let closing: Promise<void> | undefined
  const stopAll = async (): Promise<void> => {
    for (const { child } of parts) await child.stop()
    await cleanUp()
  }
  let lost: Part | undefined
  const watchOver = async (part: Part): Promise<void> => {
    const how = await part.child.ended
    if (closing !== undefined || lost !== undefined) return
    // With one of them gone the others serve nothing; that they end as well is no news.
    lost = part
    await stopAll()
    resolve(goneError(part, how))
  }
  for (const part of parts) void watchOver(part)
  const close = async (): Promise<void> => {
    reach.close()
    await kube.close()
    await stopAll()
  }
  return {
    simulated: true,
    ...pace,
    info,
    namespace,
    kube,
    kubeconfigPath,
    pid: parts.at(-1)?.pid ?? parts[0].pid,
    reach: reach.reach,
    describe: () => `${name}, simulated, ${describeClock(pace)}: kubectl --kubeconfig ${kubeconfigPath}`,
    exited,
    close: () => (closing ??= close()),
  }
}

function goneError({ name, pid }: Part, how: string): SeiError {
  return new SeiError(`${name} (process ${pid}) is gone: ${how}`, { class: 'infra', code: 'CLUSTER_EXITED' })
}
