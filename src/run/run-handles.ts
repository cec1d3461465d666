import type { Place } from '../contract/kinds.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import type { NetworkEntry } from './network-pool.ts'

export interface EntryHandles {
  readonly networks: NetworkHandle[]
  readonly nodes: NodeHandle[]
}

/** Handles of everything that a run created, by the network entry they live and die with, in the order of creation. */
export class RunHandles {
  readonly #byEntry = new Map<NetworkEntry, EntryHandles>()
  readonly #created = new WeakSet<NetworkEntry>()
  readonly #onKept: (handle: Place) => void

  /** @param onKept hears of each handle as soon as there is one */
  constructor(onKept: (handle: Place) => void) {
    this.#onKept = onKept
  }

  keep(entry: NetworkEntry, handle: NetworkHandle | NodeHandle): void {
    this.#created.add(entry)
    const handles = this.of(entry)
    if ('validators' in handle) putInPlace(handles.networks, handle)
    else putInPlace(handles.nodes, handle)
    this.#byEntry.set(entry, handles)
    this.#onKept(handle)
  }

  /** Whose node or validator stands at a place. */
  ownerOf(place: Place): NetworkEntry | undefined {
    return [...this.#byEntry.keys()].find((entry) => this.node(entry, place) !== undefined)
  }

  /** What the entry has; empty where nothing was created. */
  of(entry: NetworkEntry): EntryHandles {
    return this.#byEntry.get(entry) ?? { networks: [], nodes: [] }
  }

  /** Whether anything was ever created for the entry, also if it is gone by now. */
  hasCreated(entry: NetworkEntry): boolean {
    return this.#created.has(entry)
  }

  /** A node of the entry: one of its own, or a validator of one of its networks. */
  node(entry: NetworkEntry, place: Place): NodeHandle | undefined {
    return this.nodesOf(entry).find((one) => isAt(one, place))
  }

  /** The entry's own nodes and the validators of its networks. */
  nodesOf(entry: NetworkEntry): readonly NodeHandle[] {
    const { nodes, networks } = this.of(entry)
    return [...networks.flatMap(({ validators }) => validators), ...nodes]
  }

  network(entry: NetworkEntry, place: Place): NetworkHandle | undefined {
    return this.of(entry).networks.find((one) => isAt(one, place))
  }

  /** Forgets one handle: its object is gone. */
  forget(entry: NetworkEntry, handle: NetworkHandle | NodeHandle): void {
    const { networks, nodes } = this.of(entry)
    for (const list of [networks, nodes] as (NetworkHandle | NodeHandle)[][]) {
      const at = list.indexOf(handle)
      if (at >= 0) list.splice(at, 1)
    }
  }

  forgetEntry(entry: NetworkEntry): void {
    this.#byEntry.delete(entry)
  }

  get empty(): boolean {
    return this.#byEntry.size === 0
  }
}

/** An object that is applied again has one handle, the newest. */
function putInPlace<H extends Place>(handles: H[], handle: H): void {
  const at = handles.findIndex((known) => isAt(known, handle))
  handles.splice(at < 0 ? handles.length : at, 1, handle)
}

function isAt(handle: Place, { name, namespace }: Place): boolean {
  return handle.name === name && handle.namespace === namespace
}
