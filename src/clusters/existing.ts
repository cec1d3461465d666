import { parseServiceUrl } from '../contract/names.ts'
import { SeiError } from '../errors/sei-error.ts'
import { connect } from '../kube/client.ts'
import { loadConnection, type LoadedConnection } from '../kube/kubeconfig.ts'
import type { Cluster } from './cluster.ts'

export interface ExistingOptions {
  /** kubeconfig context. @default the current one, or the pod's own cluster */
  readonly context?: string | undefined
  /** @default POD_NAMESPACE, the service account's, else `default` */
  readonly namespace?: string | undefined
  /** Contexts that may be used although their name looks like production. */
  readonly allowContexts?: readonly string[] | undefined
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** Words of a context's name, or of its server's, that make it look like something real value hangs on. */
const productionLooking = /(^|[^a-z])(prod|prd|production|mainnet|live|pacific)([^a-z]|$)/i

/**
 * Connects to a cluster that is there already: the one of a kubeconfig's context, or the one this pod runs in. Nothing is
 * sent before the first request. Throws CONTEXT_REFUSED for a context that looks like production and is not allowed by
 * name, BAD_ENVIRONMENT or CLUSTER_UNAVAILABLE when there is no usable connection.
 */
export async function connectExisting(options: ExistingOptions = {}): Promise<Cluster> {
  const { context, namespace, allowContexts = [], env = process.env } = options
  const connection = await loadConnection({ context, namespace, env })
  refuseProduction(connection, allowContexts)
  const kube = connect(connection)
  const where = connection.context === undefined ? 'this pod’s cluster' : `context ${connection.context}`
  return {
    mode: 'k8s',
    simulated: false,
    rate: 1,
    info: kube.info,
    namespace: connection.namespace,
    kube,
    reach: async (url) => reachable(url, env),
    describe: () => `${where} at ${connection.server}, namespace ${connection.namespace}`,
    exited: new Promise(() => undefined),
    close: () => kube.close(),
  }
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
function reachable(url: string, env: Readonly<Record<string, string | undefined>>): string {
  if (parseServiceUrl(url) === undefined || env['KUBERNETES_SERVICE_HOST'] !== undefined) return url
  throw new SeiError(`${url} answers only inside the cluster, and this process runs outside of it`, {
    class: 'usage',
    code: 'CAPABILITY_MISSING',
    hint: 'run inside a pod of the cluster; port-forwards come with a later version',
    details: { url },
  })
}
