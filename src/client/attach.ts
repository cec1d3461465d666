import { attachedEndpoints } from '../contract/attach.ts'
import { readinessBudgets } from '../contract/defaults.ts'
import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { NetworkHandle, NodeHandle, SeiClient, WaitOptions } from '../contract/handles.ts'
import { tasksOver } from '../contract/task-facade.ts'
import { SeiError, usageError } from '../errors/sei-error.ts'
import { taskErrors } from '../errors/task-errors.ts'
import type { GateTarget } from '../probe/gate-types.ts'
import { createNetworkProbe } from '../probe/network-probe.ts'
import { createNodeProbe } from '../probe/node-probe.ts'
import { waitReadiness } from '../probe/readiness.ts'

const name = 'attached'
const namespace = ''
const { phaseMs, gateMs } = readinessBudgets.attach

/** A network that is known by its endpoints alone. */
export interface AttachedNetwork {
  readonly network: NetworkHandle
  readonly followers: readonly NodeHandle[]
}

/**
 * Handles over the endpoints that the environment names: everything that probes works, whatever needs the Kubernetes
 * API throws CAPABILITY_MISSING. Throws BAD_ENVIRONMENT when they are incomplete or no URLs.
 */
export function attachNetwork(env: Readonly<Record<string, string | undefined>>): AttachedNetwork {
  const checked = attachedEndpoints(env)
  if (!checked.ok) throw usageError(checked.problems, 'BAD_ENVIRONMENT')
  const nodes = checked.value.nodes.map((endpoints, ordinal) => attachNode(`${name}-${ordinal}`, endpoints))
  const handles = nodes.map(({ handle }) => handle)
  const targets = nodes.map(({ target }) => target)
  const [first] = handles
  if (first === undefined) throw new SeiError('no endpoints are attached', noEndpoints)
  const network: NetworkHandle = {
    ...createNetworkProbe(name, [first], gateMs),
    name,
    namespace,
    get chainId() {
      return first.chainId
    },
    endpoints: {
      ...first.endpoints,
      nodes: Object.fromEntries(handles.map((handle) => [handle.name, handle.endpoints])),
    },
    object: undefined,
    validators: [],
    refresh: () => Promise.reject(noCluster('refresh()')),
    waitReady: async (options) => {
      const traces = await waitAttached(targets, options)
      await first.status(options)
      return traces
    },
    delete: () => Promise.reject(noCluster('delete()')),
  }
  return { network, followers: handles }
}

/** The client of an attached network. */
export function attachClient(env: Readonly<Record<string, string | undefined>>): SeiClient {
  const { network, followers } = attachNetwork(env)
  return {
    mode: 'attach',
    simulated: false,
    namespace,
    createNetwork: () => Promise.reject(noCluster('createNetwork()')),
    createNode: () => Promise.reject(noCluster('createNode()')),
    getNetwork: async () => {
      await followers[0]?.status()
      return network
    },
    advance: () => Promise.reject(noCluster('advance()')),
    tasks: tasksOver((operation) => Promise.reject(noCluster(`tasks.${operation}()`)), taskErrors),
    getNode: async (wanted) => {
      const node = followers.find((one) => one.name === wanted) ?? unknownNode(wanted)
      await node.status()
      return node
    },
  }
}

interface AttachedNode {
  readonly handle: NodeHandle
  readonly target: GateTarget
}

/** Its chain id is what its status says: empty until it has been asked once. */
function attachNode(node: string, endpoints: NodeEndpoints): AttachedNode {
  const target: GateTarget = { node, role: 'node', endpoints: async () => endpoints }
  const probe = createNodeProbe({ name: node, endpoints: async () => endpoints, waitMs: gateMs })
  let chainId = ''
  const status: NodeHandle['status'] = async (options) => {
    const answer = await probe.status(options)
    chainId = answer.chainId
    return answer
  }
  const handle: NodeHandle = {
    ...probe,
    status,
    name: node,
    namespace,
    role: 'node',
    get chainId() {
      return chainId
    },
    endpoints,
    object: undefined,
    refresh: () => Promise.reject(noCluster('refresh()')),
    waitReady: async (options) => {
      const [trace] = await waitAttached([target], options)
      await status(options)
      return trace as GateTrace
    },
    delete: () => Promise.reject(noCluster('delete()')),
  }
  return { handle, target }
}

function waitAttached(targets: readonly GateTarget[], options: WaitOptions = {}): Promise<GateTrace[]> {
  const { timeoutMs, signal } = options
  return waitReadiness(targets, {
    budget: { phaseMs, gateMs, ...(timeoutMs === undefined ? {} : { totalMs: timeoutMs }) },
    signal,
  })
}

/** What attach cannot do, said the same way everywhere. */
function noCluster(what: string): SeiError {
  return new SeiError(`${what} needs a cluster, and this run is attached to endpoints only`, {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: 'unset the endpoint variables and choose a mode with a cluster, such as SEI_EMBEDDED=1',
  })
}

const noEndpoints = { class: 'usage', code: 'BAD_ENVIRONMENT' } as const

function unknownNode(wanted: string): never {
  throw new SeiError(`no attached node is called ${wanted}`, { class: 'usage', code: 'BAD_INPUT' })
}
