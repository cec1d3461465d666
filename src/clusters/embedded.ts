import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnEmbedded } from './child.ts'
import { chooseDefinitions, definitionsNote } from './definitions.ts'
import { atFolder } from './image-commands.ts'
import { checkPace, type SimulationOptions } from './pace.ts'
import type { SimulatedCluster } from './simulated.ts'

export interface EmbeddedOptions extends SimulationOptions {
  /** Existing folder that holds the kubeconfig meanwhile. @default a new temporary one, removed at the end */
  readonly stateDir?: string | undefined
}

export interface EmbeddedCluster extends SimulatedCluster {
  readonly mode: 'embedded'
}

/**
 * Starts an embedded cluster: a process of its own that serves the Kubernetes API on loopback, with the four Sei kinds
 * installed, stand-in controllers, one node, and simulated seid. It ends with `close()` and with this process.
 * Throws BAD_OPTIONS, CLUSTER_UNAVAILABLE, RUN_CANCELLED.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedCluster> {
  const pace = checkPace(options)
  const { definitions = process.env['SEI_DEFINITIONS'] } = options
  const chosen = await chooseDefinitions(definitions)
  const own = options.stateDir === undefined ? mkdtempSync(join(tmpdir(), 'sei-embedded-')) : undefined
  const stateDir = options.stateDir ?? own ?? ''
  const cleanUp = async (): Promise<void> => {
    if (own !== undefined) await rm(own, { recursive: true, force: true })
  }
  try {
    const starting = spawnEmbedded(
      {
        ...pace,
        ...chosen,
        clock: options.clock,
        taskKinds: options.taskKinds,
        chaosMesh: options.chaosMesh,
        images: atFolder(options.images ?? {}, process.cwd()),
        stateDir,
        temporary: own !== undefined,
      },
      options.signal,
    )
    // What talks to it loads while it starts.
    const [child, { simulatedCluster }] = await Promise.all([starting, import('./simulated.ts')])
    const { ready } = child
    const name = 'the embedded cluster'
    const cluster = simulatedCluster({
      name: `embedded cluster${definitionsNote(chosen)}`,
      door: ready,
      pace: { ...pace, clockUrl: ready.clockUrl },
      namespace: options.namespace,
      parts: [{ name, pid: ready.pid, child }],
      cleanUp,
    })
    return { ...cluster, mode: 'embedded' }
  } catch (error) {
    await cleanUp()
    throw error
  }
}
