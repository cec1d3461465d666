import { forgetJson } from './json.ts'
import { keyOf, type ApiObject } from './object.ts'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One committed write. `object` carries the revision of the write, also when it deletes. */
export interface Change {
  readonly revision: number
  readonly type: ChangeType
  readonly key: string
  readonly object: ApiObject
  readonly previous: ApiObject | undefined
}

export type ChangeListener = (change: Change) => void

export interface StoreOptions {
  /** Changes kept per collection to resume watches and read old snapshots. @default 2000 */
  readonly historySize?: number | undefined
  /** Freezes every stored object deeply, so that a write to a shared one throws. For tests: it costs time. */
  readonly freeze?: boolean | undefined
}

/** All collections, under one revision counter. */
export class Store {
  readonly #collections = new Map<string, Collection>()
  readonly #historySize: number
  readonly #freeze: boolean
  #revision = 1

  constructor(options: StoreOptions = {}) {
    this.#historySize = options.historySize ?? 2000
    this.#freeze = options.freeze ?? false
  }

  /** The revision of the last committed write. */
  get revision(): number {
    return this.#revision
  }

  /** @param id `<plural>.<group>`: the versions of a resource share one collection */
  collection(id: string): Collection {
    const existing = this.#collections.get(id)
    if (existing !== undefined) return existing
    const created = new Collection(this.#historySize, {
      current: () => this.#revision,
      next: () => (this.#revision += 1),
      freeze: this.#freeze,
    })
    this.#collections.set(id, created)
    return created
  }

  /** Forgets all history: every older resourceVersion is answered with 410 from now on. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact()
  }
}

interface Shared {
  readonly current: () => number
  readonly next: () => number
  readonly freeze: boolean
}

/** The objects of one resource, with the changes that led to them. Every call is synchronous and so atomic. */
export class Collection {
  readonly #objects = new Map<string, ApiObject>()
  readonly #listeners = new Set<ChangeListener>()
  readonly #historySize: number
  readonly #shared: Shared
  #history: Change[] = []
  #sortedKeys: string[] | undefined
  #compacted = 0

  constructor(historySize: number, shared: Shared) {
    this.#historySize = historySize
    this.#shared = shared
  }

  /** Changes up to this revision are forgotten. */
  get compacted(): number {
    return this.#compacted
  }

  get revision(): number {
    return this.#shared.current()
  }

  get size(): number {
    return this.#objects.size
  }

  get(key: string): ApiObject | undefined {
    return this.#objects.get(key)
  }

  /** Every object, ordered by namespace and name. */
  list(): ApiObject[] {
    this.#sortedKeys ??= [...this.#objects.keys()].toSorted()
    return this.#sortedKeys.flatMap((key) => this.#objects.get(key) ?? [])
  }

  /** The objects as they were at `revision`, or `undefined` where that is forgotten. */
  listAt(revision: number): ApiObject[] | undefined {
    if (revision < this.#compacted) return undefined
    const past = new Map(this.#objects)
    for (const change of this.since(revision).toReversed()) {
      if (change.previous === undefined) past.delete(change.key)
      else past.set(change.key, change.previous)
    }
    return [...past].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
  }

  /** Changes after `revision`, oldest first. */
  since(revision: number): Change[] {
    let low = 0
    let high = this.#history.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#history[middle]?.revision ?? 0) > revision) high = middle
      else low = middle + 1
    }
    return this.#history.slice(low)
  }

  /** Stores `draft` under the next revision. The draft's metadata must be the caller's own; it is stamped here. */
  put(draft: ApiObject): ApiObject {
    const key = keyOf(draft)
    const previous = this.#objects.get(key)
    const revision = this.#shared.next()
    draft.metadata.resourceVersion = String(revision)
    if (this.#shared.freeze) freezeDeep(draft)
    this.#objects.set(key, draft)
    if (previous === undefined) this.#sortedKeys = undefined
    const type = previous === undefined ? 'ADDED' : 'MODIFIED'
    this.#record({ revision, type, key, object: draft, previous })
    return draft
  }

  /** Removes the object; returns `last`, its final state, with the revision of the deletion. */
  remove(last: ApiObject): ApiObject {
    const key = keyOf(last)
    const previous = this.#objects.get(key)
    const revision = this.#shared.next()
    const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(revision) } }
    if (this.#shared.freeze) freezeDeep(object)
    this.#objects.delete(key)
    this.#sortedKeys = undefined
    this.#record({ revision, type: 'DELETED', key, object, previous })
    return object
  }

  /** Calls back within each later commit, in the order of revisions. Returns the way to stop. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  compact(): void {
    this.#history = []
    this.#compacted = this.#shared.current()
  }

  #record(change: Change): void {
    this.#history.push(change)
    // Dropped in bulk, so that a write costs O(1) on average.
    if (this.#history.length > this.#historySize * 2) {
      const dropped = this.#history.splice(0, this.#history.length - this.#historySize)
      this.#compacted = dropped.at(-1)?.revision ?? this.#compacted
    }
    for (const listener of this.#listeners) listener(change)
    if (change.previous !== undefined) forgetJson(change.previous)
  }
}

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const child of Object.values(value)) freezeDeep(child)
}
