import type { KubeSeiClient } from '../client/client.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import type { NetworkSpec, NodeSpec } from '../contract/spec.ts'
import { cancelledError, SeiError } from '../errors/sei-error.ts'
import { claimForChange } from './claim.ts'
import type { Disposal } from './disposal.ts'
import type { Lease } from './leases.ts'
import type { Ledger } from './ledger.ts'
import type { NetworkEntry } from './network-pool.ts'
import type { OpenedCluster } from './opened-cluster.ts'
import type { ObjectPlace, RunHandles } from './run-handles.ts'

export interface LeaseObjectsOptions {
  /** Root of the Vitest project: files are named relative to it. */
  readonly root: string
  readonly ledger: Ledger
  readonly handles: RunHandles
  readonly disposal: Disposal
  open(): Promise<OpenedCluster>
}

/** Networks and nodes that tests create, look up and delete by the lease of their file. */
export class LeaseObjects {
  readonly #options: LeaseObjectsOptions

  constructor(options: LeaseObjectsOptions) {
    this.#options = options
  }

  /** One more network for a lease: it lives and dies with the lease's own. */
  async createNetwork(entry: NetworkEntry, spec: NetworkSpec): Promise<NetworkHandle> {
    return this.#create(entry, seiNetworks.kind, spec, (client, placed) => client.createNetwork(placed))
  }

  async createNode(entry: NetworkEntry, spec: NodeSpec): Promise<NodeHandle> {
    return this.#create(entry, seiNodes.kind, spec, (client, placed) => client.createNode(placed))
  }

  /** The handle that this run has of a node, else one made from the object as it is. */
  async node(entry: NetworkEntry, place: ObjectPlace): Promise<NodeHandle> {
    return (
      this.#options.handles.node(entry, place) ?? (await this.#client()).getNode(place.name, place.namespace)
    )
  }

  async network(entry: NetworkEntry, place: ObjectPlace): Promise<NetworkHandle> {
    return (
      this.#options.handles.network(entry, place) ??
      (await this.#client()).getNetwork(place.name, place.namespace)
    )
  }

  /** Throws NETWORK_SHARED for a node of the leased network itself that another file holds as well. */
  async deleteNode(lease: Lease, place: ObjectPlace, reason: string): Promise<void> {
    const { entry } = lease
    const handle = this.#options.handles.node(entry, place)
    const leased = [...(entry.provisioned?.network.validators ?? []), ...(entry.provisioned?.followers ?? [])]
    if (handle !== undefined && leased.includes(handle)) claimForChange(lease, this.#options.root)
    await this.#deleteOwn(entry, handle, place, reason)
  }

  /** Throws NETWORK_SHARED for the leased network itself when another file holds it as well. */
  async deleteNetwork(lease: Lease, place: ObjectPlace, reason: string): Promise<void> {
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
    entry: NetworkEntry,
    kind: string,
    spec: S,
    create: (client: KubeSeiClient, placed: S) => Promise<H>,
  ): Promise<H> {
    const { client, namespaces } = await this.#options.open()
    const { ledger } = this.#options
    const place = { name: spec.name, namespace: spec.namespace ?? client.namespace }
    await namespaces.ensure(place.namespace)
    ledger.intend(kind, place)
    const handle = await create(client, { ...spec, ...place })
    ledger.created(kind, place, handle.object?.metadata.uid)
    this.#options.handles.keep(entry, handle)
    return handle
  }

  async #deleteOwn(
    entry: NetworkEntry,
    handle: NetworkHandle | NodeHandle | undefined,
    { name, namespace }: ObjectPlace,
    reason: string,
  ): Promise<void> {
    if (handle === undefined) {
      throw new SeiError(`${namespace}/${name} was not created by this file or for it`, {
        class: 'usage',
        code: 'BAD_INPUT',
        hint: 'a run deletes only what it created',
      })
    }
    await this.#options.disposal.delete(handle, { kind: 'waiver', reason })
    this.#options.handles.forget(entry, handle)
  }

  async #client(): Promise<KubeSeiClient> {
    return (await this.#options.open()).client
  }
}
