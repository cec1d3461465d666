import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startControllerManager } from '../contract/embedded.ts'
import { SeiError } from '../errors/sei-error.ts'
import { spawnControlPlane, spawnEmbedded } from './child.ts'
import { chooseDefinitions, definitionsNote } from './definitions.ts'
import { atFolder } from './image-commands.ts'
import { controllerManager, hasPart, neededParts, partsFolder } from './parts.ts'
import { checkPace, refuseVirtualClock, type SimulationOptions } from './pace.ts'
import { simulatedCluster, type SimulatedCluster } from './simulated.ts'

export interface EnvtestOptions extends SimulationOptions {
  /** Existing folder for data, keys and kubeconfig, removed at the end. @default a new temporary one */
  readonly stateDir?: string | undefined
  /** Where KUBEBUILDER_ASSETS, SEI_PARTS, SEI_DEFINITIONS and XDG_CACHE_HOME are read. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

export interface EnvtestCluster extends SimulatedCluster {
  readonly mode: 'envtest'
}

/**
 * Starts a real etcd and kube-apiserver on loopback, and against them the controllers, node and simulated seid of the
 * embedded cluster; a kube-controller-manager as well where its program is there. All of it ends with `close()` and with
 * this process. Throws BAD_OPTIONS, CLUSTER_UNAVAILABLE (also when the programs are missing), RUN_CANCELLED.
 */
export async function startEnvtest(options: EnvtestOptions = {}): Promise<EnvtestCluster> {
  const pace = checkPace(options)
  refuseVirtualClock(options)
  const { signal, env = process.env } = options
  const chosen = await chooseDefinitions(options.definitions ?? env['SEI_DEFINITIONS'])
  const programs = programsFolder(env)
  const managed = hasPart(programs, controllerManager)
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'sei-envtest-')))
  const cleanUp = (): Promise<void> => rm(stateDir, { recursive: true, force: true, maxRetries: 5 })
  const opened: { stop(): Promise<void> }[] = []
  try {
    const plane = await spawnControlPlane({ programs, stateDir }, signal)
    opened.unshift(plane)
    const { pid, ...door } = plane.ready
    const simulation = await spawnEmbedded(
      {
        ...pace,
        ...chosen,
        taskKinds: options.taskKinds,
        chaosMesh: options.chaosMesh,
        images: atFolder(options.images ?? {}, process.cwd()),
        stateDir,
        apiServer: door,
        managed,
      },
      signal,
    )
    opened.unshift(simulation)
    if (managed) plane.tell(startControllerManager)
    const cluster = simulatedCluster({
      name: `real kube-apiserver${definitionsNote(chosen)}`,
      door,
      pace,
      namespace: options.namespace,
      parts: [
        { name: 'the process of controllers and nodes', pid: simulation.ready.pid, child: simulation },
        { name: 'the process of etcd and kube-apiserver', pid, child: plane },
      ],
      cleanUp,
    })
    return { ...cluster, mode: 'envtest' }
  } catch (error) {
    for (const child of opened) await child.stop()
    await cleanUp()
    throw error
  }
}

/** Where the programs are; nothing is ever downloaded. */
function programsFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['KUBEBUILDER_ASSETS']
  const folder = named === undefined || named === '' ? partsFolder(env) : named
  const missing = neededParts.filter((name) => !hasPart(folder, name))
  if (missing.length === 0) return folder
  throw new SeiError(`mode envtest needs ${missing.join(' and ')}, missing in ${folder}`, {
    class: 'infra',
    code: 'CLUSTER_UNAVAILABLE',
    hint: 'npm run parts builds them, in a checkout of this package; or set KUBEBUILDER_ASSETS to a folder that has them',
    details: { folder, missing },
  })
}
