import type { SimulatedCluster } from '../../src/clusters/simulated.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import {
  events as eventType,
  pods,
  type ResourceType,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
} from '../../src/contract/kinds.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import type { Task, TaskSpec } from '../../src/embedded/controllers/seinodetask/task.ts'
import { distinct, taskMilestone } from './milestones.ts'
import { follower, network } from './sei-objects.ts'

const namespace = 'default'

/** Nodes that every kind of task meets its fate on. */
export const nodes = {
  /** The one validator of a chain that runs. */
  validator: 'net-0',
  /** Followers of it, one for each test that replaces or restarts what runs there. */
  followers: ['net-rpc-0', 'net-rpc-1'],
  /** Paused: no pod, and so no sidecar. */
  paused: 'idle',
  /** Its seid exits at once, again and again; it has no peers either. */
  crashing: 'crashing',
  /**
   * Validators of a chain that stopped at height 5: one for each transaction that is never included, because a key can have only
   * one on the way.
   */
  halted: ['halted-0', 'halted-1', 'halted-2'],
} as const

/** A cluster with those nodes, and tasks on it. */
export interface TaskWorld {
  readonly cluster: SimulatedCluster
  /** Creates a task; its name is made of `name` and a number. */
  create(name: string, spec: Omit<TaskSpec, 'target'>, target: Target): Promise<Task>
  /** Waits until the task is over. */
  over(task: Task): Promise<Task>
  /** What the status of a task said, in order, from its creation on. */
  milestones(task: Task): string[]
  /** Reasons of the events about a task, once there is one. */
  events(task: Task): Promise<string[]>
  podUid(node: string): Promise<string>
  /** Until the pod of a node is ready. */
  ready(node: string): Promise<void>
}

export type Target = Partial<TaskSpec['target']> & { readonly node: string }

const waitMs = 60_000

export async function createTaskWorld(cluster: SimulatedCluster): Promise<TaskWorld> {
  const { kube } = cluster
  const seen = new Map<string, Task[]>()
  kube.watch<Task>(seiNodeTasks).subscribe(({ type, object }) => {
    if (type === 'DELETED') return
    const { name } = object.metadata
    seen.set(name, [...(seen.get(name) ?? []), object])
  })
  const until = async <T extends KubeObject, R>(
    type: ResourceType,
    description: string,
    find: (items: readonly T[]) => R | undefined,
  ): Promise<R> => {
    const watch = kube.watch<T>(type)
    try {
      return await watch.waitFor(find, { timeoutMs: waitMs, description })
    } finally {
      watch.close()
    }
  }
  const ready = async (node: string): Promise<void> => {
    await until<Pod, Pod>(pods, `pod of ${node} to be ready`, (items) =>
      items.find((pod) => pod.metadata.name === `${node}-0` && isReady(pod)),
    )
  }
  let serial = 0
  return {
    cluster,
    ready,
    create(name, spec, { node, ...target }) {
      const object: Task = {
        apiVersion: 'sei.io/v1alpha1',
        kind: 'SeiNodeTask',
        metadata: { name: `${name}-${(serial += 1)}`.toLowerCase(), namespace },
        spec: { ...spec, target: { nodeRef: { name: node }, ...target } },
      }
      return kube.create<Task>(seiNodeTasks, object)
    },
    over: ({ metadata: { name } }) =>
      until<Task, Task>(seiNodeTasks, `task ${name} to be over`, (items) =>
        items.find(
          ({ metadata, status }) =>
            metadata.name === name && (status?.phase === 'Complete' || status?.phase === 'Failed'),
        ),
      ),
    milestones: ({ metadata: { name } }) =>
      distinct((seen.get(name) ?? []).map(({ status }) => taskMilestone(status))),
    events: ({ metadata: { name } }) =>
      until<KubeEvent, string[]>(eventType, `an event about ${name}`, (items) => {
        const found = items.filter(({ involvedObject }) => involvedObject.name === name)
        return found.length === 0 ? undefined : found.map(({ type, reason }) => `${type} ${reason}`)
      }),
    async podUid(node) {
      const { metadata } = await kube.get<Pod>(pods, { namespace, name: `${node}-0` })
      return metadata.uid ?? ''
    },
  }
}

const config = { ...network('').spec.configOverrides, 'tx_index.indexer': 'kv' }
const one = { replicas: 1, configOverrides: config }

/** Makes the validator alone; resolves once its network is Ready. */
export async function found({ cluster: { kube } }: TaskWorld): Promise<void> {
  await kube.create(seiNetworks, network('net', one))
  const networks = kube.watch<SeiNetwork>(seiNetworks)
  const isReady = ({ metadata, status }: SeiNetwork): boolean =>
    metadata.name === 'net' && status?.phase === 'Ready'
  await networks.waitFor((items) => items.find(isReady), {
    timeoutMs: waitMs,
    description: 'the network to be ready',
  })
  networks.close()
}

/** Makes the nodes of a world; resolves once each is Running and has had its first update. */
export async function populate(world: TaskWorld): Promise<void> {
  const { kube } = world.cluster
  const make = <T extends KubeObject>(type: ResourceType, object: T): Promise<T> =>
    kube.create<T>(type, object)
  const halted = { ...one, replicas: nodes.halted.length, image: 'sei/seid:dev--halts-at-5' }
  await make(seiNetworks, network('halted', halted))
  await found(world)
  const crashing = follower(nodes.crashing, 'net')
  crashing.spec.image = 'sei/seid:dev--crash-loops'
  delete crashing.spec.peers
  const all = [...nodes.followers, nodes.paused].map((name) => follower(name, 'net'))
  await Promise.all([...all, crashing].map((node) => make(seiNodes, node)))
  const watch = kube.watch<SeiNode>(seiNodes)
  await watch.waitFor(
    (items) => (items.length === 5 + nodes.halted.length && items.every(isSettled)) || undefined,
    {
      timeoutMs: waitMs,
      description: 'all nodes to have had their first update',
    },
  )
  await kube.patch(seiNodes, { namespace, name: nodes.paused }, { spec: { paused: true } }, { type: 'merge' })
  await watch.waitFor((items) => items.find(isPaused), { timeoutMs: waitMs, description: 'a paused node' })
  watch.close()
  await Promise.all([nodes.validator, ...nodes.followers].map(world.ready))
}

const reasonOf = ({ status }: SeiNode, type: string): string | undefined =>
  status?.conditions?.find((condition) => condition.type === type)?.reason

function isSettled(node: SeiNode): boolean {
  return reasonOf(node, 'NodeUpdateInProgress') === 'UpdateComplete'
}

function isPaused(node: SeiNode): boolean {
  return node.metadata.name === nodes.paused && reasonOf(node, 'Paused') === 'Paused'
}

function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True')
  )
}
