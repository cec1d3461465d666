import { watchClosure, type ClosureWatch, type UnreadableKind } from '../client/closure-watch.ts'
import type { OwnedObject } from '../client/closure.ts'
import type { KubeClient } from '../kube/types.ts'

/**
 * Everything that belongs to one run, in every namespace it has used. Its watches open when it is first asked, at the
 * end of a network: they are no part of what a test waits for at the start.
 */
export class RunClosures {
  readonly #kube: KubeClient
  readonly #run: string
  readonly #namespaces = new Set<string>()
  readonly #closures = new Map<string, ClosureWatch>()

  constructor(kube: KubeClient, run: string) {
    this.#kube = kube
    this.#run = run
  }

  include(namespace: string): void {
    this.#namespaces.add(namespace)
  }

  /** Kinds that the connection may not read, of those that have been asked for. */
  get unreadable(): readonly UnreadableKind[] {
    return [...this.#closures.values()].flatMap(({ unreadable }) => unreadable)
  }

  /** Throws WAIT_TIMEOUT when the API server does not answer within `timeoutMs`. */
  async owned(timeoutMs: number): Promise<OwnedObject[]> {
    const found = new Map<string, OwnedObject>()
    for (const closure of await this.#listed(timeoutMs)) {
      for (const object of closure.owned({ run: this.#run })) found.set(object.uid, object)
    }
    return [...found.values()]
  }

  /** Resolves to what is left: nothing, as soon as nothing is; else what is there after `timeoutMs`. */
  async waitGone(timeoutMs: number): Promise<OwnedObject[]> {
    const closures = await this.#listed(timeoutMs)
    const left = await Promise.all(
      closures.map((closure) => closure.waitGone({ run: this.#run }, { timeoutMs })),
    )
    return [...new Map(left.flat().map((object) => [object.uid, object])).values()]
  }

  close(): void {
    for (const closure of this.#closures.values()) closure.close()
  }

  async #listed(timeoutMs: number): Promise<ClosureWatch[]> {
    for (const namespace of this.#namespaces) {
      if (!this.#closures.has(namespace)) this.#closures.set(namespace, watchClosure(this.#kube, [namespace]))
    }
    const closures = [...this.#closures.values()]
    await Promise.all(closures.map((closure) => closure.listed({ timeoutMs })))
    return closures
  }
}
