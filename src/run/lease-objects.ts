import type { KubeSeiClient } from '../client/client.ts'
import { checkNetworkSpec, checkNodeSpec } from '../contract/check-specs.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes, type ResourceType, type Place } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import type { KubeObject } from '../contract/objects.ts'
import type { Checked } from '../contract/problem.ts'
import type { NetworkSpec, NodeSpec } from '../contract/spec.ts'
import { cancelledError, SeiError, usageError } from '../errors/sei-error.ts'
import { claimForChange, describeHolder } from './claim.ts'
import type { Disposal } from './disposal.ts'
import type { Disruptions } from './disruptions.ts'
import type { Lease } from './leases.ts'
import type { Ledger } from './ledger.ts'
import type { NetworkEntry } from './network-pool.ts'
import type { OpenedCluster } from './opened-cluster.ts'
import type { RunHandles } from './run-handles.ts'

export interface LeaseObjectsOptions {
  readonly run: string
  /** Root of the Vitest project: files are named relative to it. */
  readonly root: string
  readonly ledger: Ledger
  readonly handles: RunHandles
  readonly disposal: Disposal
  readonly disruptions: Disruptions
  open(): Promise<OpenedCluster>
}

/** Networks and nodes that tests create, look up and delete by the lease of their file. */
export class LeaseObjects {
  readonly #options: LeaseObjectsOptions
  /** Which file created what stands, by `placeKey`. */
  readonly #creators = new Map<string, string>()

  constructor(options: LeaseObjectsOptions) {
    this.#options = options
  }

  /**
   * One more network for a lease: it lives and dies with the lease's own. Throws BAD_SPEC before anything is sent, BAD_INPUT
   * for a name that is taken by anything which the same file has not created.
   */
  async createNetwork(lease: Lease, spec: NetworkSpec): Promise<NetworkHandle> {
    return this.#create(lease, seiNetworks, accepted(checkNetworkSpec(spec)), (client, placed) =>
      client.createNetwork(placed),
    )
  }

  /** Like `createNetwork`. */
  async createNode(lease: Lease, spec: NodeSpec): Promise<NodeHandle> {
    return this.#create(lease, seiNodes, accepted(checkNodeSpec(spec)), (client, placed) =>
      client.createNode(placed),
    )
  }

  /** The handle that this run has of a node, else one made from the object as it is. */
  async node(entry: NetworkEntry, place: Place): Promise<NodeHandle> {
    return (
      this.#options.handles.node(entry, place) ?? (await this.#client()).getNode(place.name, place.namespace)
    )
  }

  async network(entry: NetworkEntry, place: Place): Promise<NetworkHandle> {
    return (
      this.#options.handles.network(entry, place) ??
      (await this.#client()).getNetwork(place.name, place.namespace)
    )
  }

  /** Throws NETWORK_SHARED for a node of the leased network itself that another file holds as well. */
  async deleteNode(lease: Lease, place: Place, reason: string): Promise<void> {
    const { entry } = lease
    const handle = this.#options.handles.node(entry, place)
    const leased = [...(entry.provisioned?.network.validators ?? []), ...(entry.provisioned?.followers ?? [])]
    if (handle !== undefined && leased.includes(handle)) claimForChange(lease, this.#options.root)
    using _ = this.#options.disruptions.open({
      network: entry.name,
      node: place.name,
      kind: 'deletion',
      reason: `a test deletes ${place.name}`,
    })
    await this.#deleteOwn(entry, handle, place, reason)
  }

  /** Throws NETWORK_SHARED for the leased network itself when another file holds it as well. */
  async deleteNetwork(lease: Lease, place: Place, reason: string): Promise<void> {
    const { entry } = lease
    const handle = this.#options.handles.network(entry, place)
    if (handle !== undefined && handle === entry.provisioned?.network) {
      claimForChange(lease, this.#options.root)
      // From here on its silence is no loss.
      entry.abort.abort(cancelledError('The network is being deleted'))
    }
    await this.#deleteOwn(entry, handle, place, reason)
  }

  async #create<S extends NetworkSpec | NodeSpec, H extends NetworkHandle | NodeHandle>(
    lease: Lease,
    type: ResourceType,
    spec: S,
    create: (client: KubeSeiClient, placed: S) => Promise<H>,
  ): Promise<H> {
    const opened = await this.#options.open()
    const { client, namespaces } = opened
    const { ledger } = this.#options
    const place = { name: spec.name, namespace: spec.namespace ?? client.namespace }
    await this.#checkFree(opened, lease, type, place)
    await namespaces.ensure(place.namespace)
    ledger.intend(type.kind, place)
    const handle = await create(client, { ...spec, ...place })
    ledger.created(type.kind, place, handle.object?.metadata.uid)
    this.#creators.set(placeKey(type, place), lease.key)
    this.#options.handles.keep(lease.entry, handle)
    return handle
  }

  /**
   * Creation applies, and would take over what stands there: of others, which a run does not touch, or of another file,
   * which counts on it. What the file itself created it may apply again: so a rerun finds it.
   */
  async #checkFree(
    { cluster }: OpenedCluster,
    lease: Lease,
    type: ResourceType,
    place: Place,
  ): Promise<void> {
    const standing = await cluster.kube.find<KubeObject>(type, place)
    if (standing === undefined) return
    const creator = this.#creators.get(placeKey(type, place))
    const isOurs = standing.metadata.labels?.[labels.harnessRun] === this.#options.run
    if (isOurs && creator === lease.key) return
    const by = isOurs ? describeHolder(creator, this.#options.root) : 'something else than this run'
    throw usageError([
      {
        what: `${type.kind} ${place.namespace}/${place.name} exists already, created by ${by}`,
        where: `create${type === seiNetworks ? 'Network' : 'Node'}(spec)`,
        expected: 'a name that is free',
        fix: 'choose another name, such as one that begins with network.name and ends with what this file tests',
      },
    ])
  }

  async #deleteOwn(
    entry: NetworkEntry,
    handle: NetworkHandle | NodeHandle | undefined,
    { name, namespace }: Place,
    reason: string,
  ): Promise<void> {
    if (handle === undefined) {
      throw new SeiError(`${namespace}/${name} was not created by this file or for it`, {
        class: 'usage',
        code: 'BAD_INPUT',
        hint: 'a run deletes only what it created',
      })
    }
    const permit = { kind: 'waiver', reason } as const
    await this.#options.disposal.deleteEarly(await this.#options.open(), handle, permit)
    this.#options.handles.forget(entry, handle)
  }

  async #client(): Promise<KubeSeiClient> {
    return (await this.#options.open()).client
  }
}

function accepted<T>(checked: Checked<T>): T {
  if (!checked.ok) throw usageError(checked.problems, 'BAD_SPEC')
  return checked.value
}

function placeKey({ kind }: ResourceType, { namespace, name }: Place): string {
  return `${kind} ${namespace}/${name}`
}
