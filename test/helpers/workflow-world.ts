import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import { nodes, pathOf, pods, workflowNodes, workflows } from '../../src/contract/kinds.ts'
import type { Pod } from '../../src/contract/objects.ts'
import { startApiServer } from '../../src/embedded/apiserver/server.ts'
import { createServerTls } from '../../src/embedded/apiserver/tls.ts'
import { type Clock, createClock } from '../../src/embedded/clock.ts'
import { startWorkflowControllers } from '../../src/embedded/controllers/chaos-mesh/workflow/controllers.ts'
import { startGarbageCollector } from '../../src/embedded/controllers/kubernetes/garbage-collector/controller.ts'
import { openStore } from '../../src/embedded/controllers/runtime/store.ts'
import { installDefinitions } from '../../src/embedded/definitions.ts'
import { holdingClient } from '../../src/embedded/holding-client.ts'
import { createVirtualWall, realWall, type VirtualWall } from '../../src/embedded/wall.ts'
import { connect } from '../../src/kube/client.ts'
import type { ConnectionInfo, KubeClient } from '../../src/kube/types.ts'
import { realChaosMesh, startRealChaosMesh } from './real-chaos-mesh.ts'

/** What a container did. */
export interface Ending {
  readonly exitCode: number
  readonly log?: string
}

/** API server, garbage collector and Workflow controllers; pods are played by the test, and no time passes by itself. */
export interface WorkflowWorld {
  readonly kube: KubeClient
  readonly clock: Clock
  /** What the controllers have logged. */
  readonly log: readonly string[]
  /** Lets simulated time pass; resolves when it has and nothing is under way. */
  pass(ms: number): Promise<void>
  /** Puts a pod on the node. */
  run(pod: Pod): Promise<void>
  /** Ends a pod's container; its log can be read from then on, if it was put on the node. */
  end(pod: Pod, ending: Ending): Promise<void>
  close(): Promise<void>
}

export interface WorldOptions {
  readonly latencyMs?: ((controller: string) => number) | undefined
  /** A server of the caller's own, with a garbage collector of its own. */
  readonly server?: ConnectionInfo | undefined
}

const nodeName = 'player'

export async function startWorkflowWorld(options: WorldOptions = {}): Promise<WorkflowWorld> {
  const wall = options.server === undefined ? createVirtualWall() : realWall
  const clock = createClock(1, wall)
  const stateDir = await mkdtemp(join(tmpdir(), 'sei-workflows-'))
  const own = options.server === undefined ? await startApiServer({ stateDir, clock }) : undefined
  const info = options.server ?? own?.info
  if (info === undefined) throw new Error('no server')
  const kube = holdingClient(connect(info), wall)
  await installDefinitions(kube, { definitions: process.env['SEI_DEFINITIONS'] })
  const logs = new Map<string, string>()
  const kubelet = await startPlayer(kube, logs)
  const stores = {
    workflows: openStore<Workflow>(kube, workflows),
    workflowNodes: openStore<WorkflowNode>(kube, workflowNodes),
    pods: openStore<Pod>(kube, pods),
  }
  const opened = Object.values(stores)
  await Promise.all(opened.map((store) => store.ready))
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const types = opened.map((store) => store.type)
  const running = [
    ...(own === undefined ? [] : [startGarbageCollector({ kube, clock, types, log })]),
    // The real ones belong to a real API server.
    realChaosMesh === undefined || own !== undefined
      ? startWorkflowControllers({ kube, clock, ...stores, log, latencyMs: options.latencyMs })
      : await startRealChaosMesh(realChaosMesh, info),
  ]
  return {
    kube,
    clock,
    log: lines,
    pass: (ms) => ('pass' in wall ? (wall as VirtualWall).pass(ms) : clock.sleep(ms)),
    run: (pod) => bind(kube, pod),
    async end(pod, ending) {
      logs.set(pod.metadata.name, ending.log ?? '')
      await writeStatus(kube, pod, endedStatus(pod, ending))
    },
    async close() {
      await Promise.all(running.map((each) => each.close()))
      if (own === undefined) await leaveNothing(kube)
      for (const store of opened) store.close()
      await kube.close()
      await own?.close()
      kubelet.close()
      kubelet.closeAllConnections()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** A node whose kubelet does nothing but hand out logs. */
async function startPlayer(
  kube: KubeClient,
  logs: ReadonlyMap<string, string>,
): Promise<ReturnType<typeof createServer>> {
  const server = createServer(createServerTls(), (request, response) => {
    const pod = new URL(request.url ?? '', 'https://kubelet').pathname.split('/')[3] ?? ''
    response.end(logs.get(pod) ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  }
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName }, status }
  await kube.create(nodes, node)
  await kube.patch(nodes, { name: nodeName }, { status }, { type: 'merge', subresource: 'status' })
  return server
}

/** What the next one on this server must not meet. */
async function leaveNothing(kube: KubeClient): Promise<void> {
  for (const { metadata } of (await kube.list(workflows)).items)
    await kube.delete(workflows, { namespace: metadata.namespace, name: metadata.name })
  for (const { metadata } of (await kube.list(pods)).items) {
    const ref = { namespace: metadata.namespace, name: metadata.name }
    await kube.delete(pods, ref, { gracePeriodSeconds: 0 })
  }
  await kube.delete(nodes, { name: nodeName })
}

async function bind(kube: KubeClient, { metadata }: Pod): Promise<void> {
  const { name, namespace } = metadata
  await kube.request('POST', pathOf(pods, { namespace, name, subresource: 'binding' }), {
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    },
  })
}

async function writeStatus(kube: KubeClient, { metadata }: Pod, status: Pod['status']): Promise<void> {
  const { name, namespace } = metadata
  await kube.patch(pods, { namespace, name }, { status }, { type: 'merge', subresource: 'status' })
}

function endedStatus({ spec }: Pod, { exitCode }: Ending): Pod['status'] {
  const [{ name, image } = { name: '', image: '' }] = spec.containers
  const state = { terminated: { exitCode } }
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [{ name, image, imageID: '', ready: false, restartCount: 0, state }],
  }
}
