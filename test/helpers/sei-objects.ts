import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import { labels } from '../../src/contract/labels.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'

const overrides = {
  'storage.state_commit.write_mode': 'memiavl_only',
  'evm.http_enabled': 'true',
  'evm.ws_enabled': 'true',
  'api.rest.enable': 'true',
}

/** A network of four validators that serve everything. */
export function network(name: string, more: Partial<SeiNetwork['spec']> = {}): SeiNetwork {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name, namespace: 'default' },
    spec: {
      image: 'sei/seid:dev',
      genesis: { chainId: name },
      replicas: 4,
      configOverrides: overrides,
      deletionPolicy: 'Delete',
      ...more,
    },
  }
}

export function follower(name: string, of: string): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name, namespace: 'default' },
    spec: {
      chainId: of,
      image: 'sei/seid:dev',
      fullNode: {},
      overrides,
      peers: [{ label: { selector: { [labels.network]: of } } }],
    },
  }
}

interface Status {
  sync_info: { latest_block_height: string; catching_up: boolean }
}

/** `sync_info` of a node's `/status`. */
export async function syncOf(cluster: Pick<Cluster, 'reach'>, node: string): Promise<Status['sync_info']> {
  const url = await cluster.reach(`http://${node}.default.svc:26657/status`)
  const response = await fetch(url)
  return ((await response.json()) as Status).sync_info
}

/** Longest wait of one `until`, in ms: a test that is over must not keep its worker busy. */
const untilMs = 60_000

/** Asks until the predicate holds; what it throws counts as not yet. */
export async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + untilMs
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const value = await ask()
      if (holds(value)) return value
      last = value
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it never came to be', { cause: last })
}
