import type { ApiServerDoor, EmbeddedStart } from '../contract/embedded.ts'
import { connect } from '../kube/client.ts'
import type { ConnectionInfo, KubeClient } from '../kube/types.ts'
import { createServerTls } from './apiserver/tls.ts'
import { createClock, type Clock } from './clock.ts'
import type { RunningAdmission } from './controllers/chaos-mesh/admission/start.ts'
import { installDefinitions } from './definitions.ts'
import { holdingClient } from './holding-client.ts'
import { ownAgent } from './open-requests.ts'
import { announcePace } from './pace.ts'
import { createVirtualWall, realWall, type VirtualWall } from './wall.ts'

export interface RunningCluster {
  readonly info: ConnectionInfo
  readonly kubeconfigPath: string
  /** Door of its virtual clock. */
  readonly clockUrl: string | undefined
  /** Resolves once controllers and node are at work; what is created before that waits for them. */
  readonly started: Promise<void>
  close(): Promise<void>
}

interface Server {
  readonly info: ConnectionInfo
  readonly kubeconfigPath: string
  close(): Promise<void>
}

/**
 * All parts of an embedded cluster in this process, or all but the API server where one is given; they talk to each other
 * over HTTPS only. Resolves once the API server serves the Sei kinds: the rest comes up while clients connect.
 */
export async function startCluster(options: EmbeddedStart): Promise<RunningCluster> {
  const virtual = options.clock === 'virtual' ? createVirtualWall() : undefined
  const wall = virtual ?? realWall
  const clock = createClock(options.rate, wall)
  const server = await (options.apiServer === undefined
    ? startServer(options.stateDir, clock)
    : serverAt(options.apiServer))
  const { info, kubeconfigPath } = server
  const kube = holdingClient(connect(info, { userAgent: ownAgent }), wall)
  const door = virtual === undefined ? undefined : await openDoor(clock, virtual, options.blockMs)
  const clockUrl = door?.url
  const [admission] = await Promise.all([
    options.chaosMesh === false ? undefined : admit(kube),
    installDefinitions(kube, options),
    announcePace(kube, { ...options, clockUrl }),
  ])
  await admission?.active()
  const parts = startParts(kube, clock, options)
  return {
    info,
    kubeconfigPath,
    clockUrl,
    started: parts.then(() => undefined),
    async close() {
      const { close } = await parts
      door?.close()
      await close()
      await admission?.close()
      await kube.close()
      await server.close()
    },
  }
}

/** Imported here, so that a cluster on another API server does not load ours. */
async function startServer(stateDir: string, clock: Clock): Promise<Server> {
  const { startApiServer } = await import('./apiserver/server.ts')
  return startApiServer({ stateDir, clock })
}

/** What Chaos Mesh's own admission refuses never gets in, from the first object on. */
async function admit(kube: KubeClient): Promise<RunningAdmission> {
  const { startAdmission } = await import('./controllers/chaos-mesh/admission/start.ts')
  return startAdmission(kube)
}

async function openDoor(
  clock: Clock,
  wall: VirtualWall,
  blockMs: number,
): Promise<{ readonly url: string; close(): void }> {
  const { openClockDoor } = await import('./clock-door.ts')
  return openClockDoor(clock, wall, blockMs)
}

function serverAt({ kubeconfigPath, ...door }: ApiServerDoor): Server {
  return { info: { ...door, namespace: 'default' }, kubeconfigPath, close: () => Promise.resolve() }
}

/** Controllers, chain and node. Imported here, so that the API server need not wait for their modules. */
async function startParts(
  kube: KubeClient,
  clock: Clock,
  options: EmbeddedStart,
): Promise<{ close(): Promise<void> }> {
  const { era, taskKinds, chaosMesh } = options
  const [{ startControllers }, { startKubelet }, { createChainHub }] = await Promise.all([
    import('./controllers/start.ts'),
    import('./kubelet/kubelet.ts'),
    import('./chain/hub.ts'),
  ])
  const hub = createChainHub(clock, { blockMs: options.blockMs })
  const accounts = options.apiServer === undefined ? undefined : await platformAccounts(kube)
  const controllers = startControllers({
    kube,
    clock,
    gc: options.managed !== true,
    era,
    taskKinds,
    chaosMesh,
  })
  const kubelet = await startKubelet({
    kube,
    clock,
    chain: hub,
    era,
    images: options.images,
    onVolumeGone: (nodeId) => hub.forget(nodeId),
    tls: createServerTls(),
    token: kube.info.token,
    clientCa: kube.info.ca,
  })
  await controllers.ready
  return {
    async close() {
      accounts?.close()
      await controllers.close()
      await kubelet.close()
      hub.close()
    },
  }
}

async function platformAccounts(kube: KubeClient): Promise<{ close(): void }> {
  const [{ provideServiceAccounts }, { defaultPlatform }] = await Promise.all([
    import('./service-accounts.ts'),
    import('./controllers/platform.ts'),
  ])
  return provideServiceAccounts(kube, defaultPlatform.serviceAccount)
}
