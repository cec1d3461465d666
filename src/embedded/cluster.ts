import { headCrds } from '../contract/crds/head/all.ts'
import type { EmbeddedStart } from '../contract/embedded.ts'
import { customResourceDefinitions } from '../contract/kinds.ts'
import { connect } from '../kube/client.ts'
import type { ConnectionInfo, KubeClient } from '../kube/types.ts'
import { startApiServer } from './apiserver/server.ts'
import { createServerTls } from './apiserver/tls.ts'
import { createClock } from './clock.ts'

export interface RunningCluster {
  readonly info: ConnectionInfo
  readonly kubeconfigPath: string
  /** Resolves once controllers and node are at work; what is created before that waits for them. */
  readonly started: Promise<void>
  close(): Promise<void>
}

/**
 * All parts of an embedded cluster in this process; they talk to each other over HTTPS only. Resolves once the API server
 * serves the Sei kinds: the rest comes up while clients connect.
 */
export async function startCluster(options: EmbeddedStart): Promise<RunningCluster> {
  const server = await startApiServer({ stateDir: options.stateDir })
  const { info, kubeconfigPath } = server
  const kube = connect(info, { userAgent: 'sei-embedded' })
  await Promise.all(headCrds.map((crd) => kube.create(customResourceDefinitions, crd)))
  const parts = startParts(kube, options)
  return {
    info,
    kubeconfigPath,
    started: parts.then(() => undefined),
    async close() {
      const { close } = await parts
      await close()
      await kube.close()
      await server.close()
    },
  }
}

/** Controllers, chain and node. Imported here, so that the API server need not wait for their modules. */
async function startParts(kube: KubeClient, options: EmbeddedStart): Promise<{ close(): Promise<void> }> {
  const clock = createClock(options.rate)
  const [{ startControllers }, { startKubelet }, { createChainHub }] = await Promise.all([
    import('./controllers/start.ts'),
    import('./kubelet/kubelet.ts'),
    import('./chain/hub.ts'),
  ])
  const hub = createChainHub(clock, { blockMs: options.blockMs })
  const controllers = startControllers({ kube, clock })
  const kubelet = await startKubelet({
    kube,
    clock,
    chain: hub,
    onVolumeGone: (nodeId) => hub.forget(nodeId),
    tls: createServerTls(),
    token: kube.info.token,
  })
  await controllers.ready
  return {
    async close() {
      await controllers.close()
      await kubelet.close()
      hub.close()
    },
  }
}
