import { createClient } from '../../src/client/client.ts'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { ClockKind } from '../../src/contract/embedded.ts'
import { events, pods, seiNetworks, seiNodes, seiNodeTasks } from '../../src/contract/kinds.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import type { Time } from '../../src/contract/time.ts'
import type { Task } from '../../src/embedded/controllers/seinodetask/task.ts'
import { isSeiError } from '../../src/errors/guards.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { timeOf } from '../../src/probe/cluster-time.ts'
import { distinct, networkMilestone, nodeMilestone, taskMilestone } from './milestones.ts'

export interface Pace {
  readonly clock: ClockKind
  readonly rate: number
  readonly blockMs: number
}

export interface Played {
  /** Of each step, what came of it. */
  readonly outcomes: readonly string[]
  /** Of each object, its states in their order; events by their reasons. */
  readonly states: ReadonlyMap<string, readonly string[]>
  /** What the cluster's clock says that it took, in simulated ms. */
  readonly simulatedMs: number
  readonly wallMs: number
}

/**
 * More than an hour of waiting, most of it on clocks of controllers and kubelet: crashes with ever longer pauses, images that
 * are never pulled, tasks that wait for a phase that never comes, a restart that never ends, a follower that is never ready,
 * and hundreds of blocks.
 */
export async function playLongScenario(pace: Pace): Promise<Played> {
  const began = performance.now()
  await using cluster = closing(await startEmbedded(pace))
  const states = recordStates(cluster.kube)
  const client = createClient(cluster)
  const outcomes: string[] = []
  const step = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    const came = await run().catch((error: unknown) => {
      if (!isSeiError(error)) throw error
      const { reason = '', stuck } = error.details as { reason?: string; stuck?: { gate: string }[] }
      return [error.code, reason, stuck?.[0]?.gate ?? ''].filter((word) => word !== '').join(' ')
    })
    outcomes.push(`${what}: ${String(came ?? 'done')}`)
  }
  const time = timeOf(cluster.clockUrl)
  const scaled = (ms: number): number => ms / pace.rate
  const first = Date.parse(await now(cluster.kube))
  try {
    const network = await client.createNetwork({ name: 'long', validators: 4 })
    await step('network', async () => void (await network.waitReady()))
    const follower = await client.createNode({ name: 'long-rpc-0', network: 'long' })
    await step('follower', async () => void (await follower.waitReady()))
    const crashing = await client.createNode({
      name: 'long-rpc-1',
      network: 'long',
      image: 'sei/seid:dev--crash-loops',
    })
    const unpulled = await client.createNode({
      name: 'long-rpc-2',
      network: 'long',
      image: 'sei/seid:dev--never-pulls',
    })
    const behind = await client.createNode({
      name: 'long-rpc-3',
      network: 'long',
      image: 'sei/seid:dev--never-caught-up',
    })
    await step('crashing', () => crashing.waitReady())
    await step('unpulled', () => unpulled.waitReady())
    await step('ten crashes', () => crashes(cluster.kube, 'long-rpc-1-0', scaled(3_000_000), time))
    await step('phase never met', () =>
      client.tasks.run({
        kind: 'AwaitCondition',
        target: {
          nodeRef: { name: 'long-rpc-2' },
          requirePhase: 'Running',
          requirePhaseTimeout: '300s',
        },
        awaitCondition: { height: { targetHeight: 1 } },
      }),
    )
    await step('task that times out', () =>
      client.tasks.run({
        kind: 'AwaitNodesAtHeight',
        target: { nodeRef: { name: 'long-rpc-0' } },
        timeoutSeconds: 600,
        awaitNodesAtHeight: { targetHeight: 1_000_000 },
      }),
    )
    await step('height too far', () => network.waitHeight(1_000_000, { timeoutMs: scaled(600_000) }))
    await step('never caught up', () => behind.waitReady({ timeoutMs: scaled(600_000) }))
    const height = await network.latestHeight()
    await step('blocks', async () => {
      await client.tasks.awaitHeight(follower, height + 60)
    })
    const simulatedMs = (Date.parse(await now(cluster.kube)) - first) * pace.rate
    return {
      outcomes,
      states: new Map([...states].map(([key, all]) => [key, distinct(all)])),
      simulatedMs,
      wallMs: performance.now() - began,
    }
  } finally {
    client.close()
  }
}

function closing<C extends { close(): Promise<void> }>(cluster: C): C & AsyncDisposable {
  return Object.assign(cluster, { [Symbol.asyncDispose]: () => cluster.close() })
}

/** The cluster's time, as it stamps what is created. */
async function now(kube: KubeClient): Promise<string> {
  const name = `now-${Math.random().toString(36).slice(2)}`
  const made = await kube.request<KubeObject>('POST', '/api/v1/namespaces/default/configmaps', {
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
  })
  return made.metadata.creationTimestamp ?? ''
}

/** Resolves once the container has started eleven times. */
async function crashes(kube: KubeClient, pod: string, timeoutMs: number, time: Time): Promise<void> {
  const watch = kube.watch<Pod>(pods)
  try {
    await watch.waitFor(
      (items) => {
        const found = items.find(({ metadata }) => metadata.name === pod)
        const seid = found?.status?.containerStatuses?.find(({ name }) => name === 'seid')
        return (seid?.restartCount ?? 0) >= 10 || undefined
      },
      { timeoutMs, time },
    )
  } finally {
    watch.close()
  }
}

/** By object, in the order of the cluster's changes. Tasks are counted: their names are random. */
function recordStates(kube: KubeClient): Map<string, string[]> {
  const states = new Map<string, string[]>()
  const tasks = new Map<string, string>()
  const note = (key: string, state: string): void => void states.set(key, [...(states.get(key) ?? []), state])
  kube.watch<SeiNetwork>(seiNetworks).subscribe(({ type, object }) => {
    if (type !== 'DELETED') note(`network ${object.metadata.name}`, networkMilestone(object))
  })
  kube.watch<SeiNode>(seiNodes).subscribe(({ type, object }) => {
    if (type !== 'DELETED') note(`node ${object.metadata.name}`, nodeMilestone(object))
  })
  kube.watch<Task>(seiNodeTasks).subscribe(({ type, object }) => {
    const { name } = object.metadata
    tasks.set(name, tasks.get(name) ?? `task ${tasks.size + 1}`)
    if (type !== 'DELETED') note(tasks.get(name) ?? name, taskMilestone(object.status))
  })
  kube.watch<Pod>(pods).subscribe(({ type, object }) => {
    const seid = object.status?.containerStatuses?.find(({ name }) => name === 'seid')
    const state = Object.keys(seid?.state ?? {})[0] ?? '-'
    const why = seid?.state?.waiting?.reason ?? seid?.state?.terminated?.reason ?? ''
    if (type !== 'DELETED')
      note(`pod ${object.metadata.name}`, `${object.status?.phase} ${seid?.restartCount} ${state} ${why}`)
  })
  kube.watch<KubeEvent>(events).subscribe(({ type, object }) => {
    const { involvedObject, source } = object
    const { name = '' } = involvedObject
    const about = tasks.get(name) ?? name
    if (type === 'ADDED')
      note(`events ${source?.component ?? ''} ${object.type} ${about}`, object.reason ?? '')
  })
  return states
}
