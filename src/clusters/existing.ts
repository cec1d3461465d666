import type { KnownPace } from '../contract/defaults.ts'
import { namespaces, pathOf } from '../contract/kinds.ts'
import { annotations } from '../contract/labels.ts'
import { parseServiceUrl } from '../contract/names.ts'
import type { KubeObject } from '../contract/objects.ts'
import { SeiError } from '../errors/sei-error.ts'
import { connect } from '../kube/client.ts'
import { isForbidden, isNotFound, isUnanswered } from '../kube/errors.ts'
import { loadConnection, type LoadedConnection } from '../kube/kubeconfig.ts'
import type { KubeClient } from '../kube/types.ts'
import type { Cluster } from './cluster.ts'
import { describeClock, simulatedWatchStallMs } from './pace.ts'
import { createReach } from './reach.ts'
import { errorText } from '../errors/error-text.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface ExistingOptions {
  /** kubeconfig context. @default the current one, or the pod's own cluster */
  readonly context?: string | undefined
  /** @default POD_NAMESPACE, the service account's, else `default` */
  readonly namespace?: string | undefined
  /** Contexts that may be used although their name looks like production. */
  readonly allowContexts?: readonly string[] | undefined
  /** @default process.env */
  readonly env?: Env | undefined
  /** Cancels the first question. */
  readonly signal?: AbortSignal | undefined
}

/** Words of a context's name, or of its server's, that make it look like something real value hangs on. */
const productionLooking = /(^|[^a-z])(prod|prd|production|mainnet|live|pacific)([^a-z]|$)/i

/**
 * Connects to a cluster that is there already: the one of a kubeconfig's context, or the one this pod runs in. It is asked
 * one thing, whether its nodes are simulated, as those of `seitask cluster` are. Throws CONTEXT_REFUSED for a context that
 * looks like production and is not allowed by name, BAD_ENVIRONMENT or CLUSTER_UNAVAILABLE when there is no usable connection,
 * RUN_CANCELLED.
 */
export async function connectExisting(options: ExistingOptions = {}): Promise<Cluster> {
  const { context, namespace, allowContexts = [], env = process.env, signal } = options
  const connection = await loadConnection({ context, namespace, env })
  refuseProduction(connection, allowContexts)
  const where = connection.context === undefined ? 'this pod’s cluster' : `context ${connection.context}`
  const place = `${where} at ${connection.server}, namespace ${connection.namespace}`
  const first = connect(connection)
  const pace = await paceOf(first, signal).catch(async (error: unknown) => {
    await first.close()
    throw isUnanswered(error) ? unavailable(place, error) : error
  })
  if (pace !== undefined) await first.close()
  const kube = pace === undefined ? first : connect(connection, { watchStallMs: simulatedWatchStallMs })
  return {
    mode: 'k8s',
    info: kube.info,
    namespace: connection.namespace,
    kube,
    exited: new Promise(() => undefined),
    ...(pace === undefined ? realNodes(kube, place, env) : simulatedNodes(kube, place, pace)),
  }
}

type Nodes = Pick<Cluster, 'simulated' | 'rate' | 'blockMs' | 'reach' | 'describe' | 'close'>

function realNodes(kube: KubeClient, place: string, env: Env): Nodes {
  return {
    simulated: false,
    rate: 1,
    reach: async (url) => reachable(url, env),
    describe: () => place,
    close: () => kube.close(),
  }
}

/** They are on this machine, as their API server is: what its Services lead to answers on loopback. */
function simulatedNodes(kube: KubeClient, place: string, pace: KnownPace): Nodes {
  const reach = createReach(kube)
  return {
    ...pace,
    simulated: true,
    reach: reach.reach,
    describe: () => `${place}, simulated, ${describeClock(pace)}`,
    close: () => {
      reach.close()
      return kube.close()
    },
  }
}

/** What our own processes say of themselves in their cluster. An account that may not look is one of a real cluster. */
async function paceOf(kube: KubeClient, signal: AbortSignal | undefined): Promise<KnownPace | undefined> {
  try {
    const path = pathOf(namespaces, { name: 'kube-system' })
    const { metadata } = await kube.request<KubeObject>('GET', path, { signal })
    const text = metadata.annotations?.[annotations.pace]
    return text === undefined ? undefined : (JSON.parse(text) as KnownPace)
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return undefined
    throw error
  }
}

function unavailable(place: string, cause: unknown): SeiError {
  return new SeiError(`${place} does not answer: ${errorText(cause)}`, {
    class: 'infra',
    code: 'CLUSTER_UNAVAILABLE',
    hint: 'is it up, and is this the right context? `kubectl cluster-info` asks the same server',
    cause,
  })
}

function refuseProduction({ context, server }: LoadedConnection, allowed: readonly string[]): void {
  if (context === undefined || allowed.includes(context)) return
  const { hostname } = new URL(server)
  const found = [context, hostname].find((name) => productionLooking.test(name))
  if (found === undefined) return
  throw new SeiError(`context ${context} is refused: ${JSON.stringify(found)} looks like production`, {
    class: 'usage',
    code: 'CONTEXT_REFUSED',
    hint: `choose another context, or name it: sei({ allowContexts: [${JSON.stringify(context)}] })`,
    details: { context, server },
  })
}

/** Service URLs answer inside the cluster only. */
function reachable(url: string, env: Env): string {
  if (parseServiceUrl(url) === undefined || env['KUBERNETES_SERVICE_HOST'] !== undefined) return url
  throw new SeiError(`${url} answers only inside the cluster, and this process runs outside of it`, {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: 'run inside a pod of the cluster; port-forwards come with a later version',
    details: { url },
  })
}
