import { watchClosure, type ClosureWatch } from '../client/closure-watch.ts'
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

  async owned(): Promise<OwnedObject[]> {
    const found = new Map<string, OwnedObject>()
    for (const closure of await this.#ready()) {
      for (const object of closure.owned({ run: this.#run })) found.set(object.uid, object)
    }
    return [...found.values()]
  }

  /** Resolves to what is left: nothing, as soon as nothing is; else what is there after `timeoutMs`. */
  async waitGone(timeoutMs: number): Promise<OwnedObject[]> {
    const closures = await this.#ready()
    const left = await Promise.all(
      closures.map((closure) => closure.waitGone({ run: this.#run }, { timeoutMs })),
    )
    return [...new Map(left.flat().map((object) => [object.uid, object])).values()]
  }

  close(): void {
    for (const closure of this.#closures.values()) closure.close()
  }

  async #ready(): Promise<ClosureWatch[]> {
    for (const namespace of this.#namespaces) {
      if (!this.#closures.has(namespace)) this.#closures.set(namespace, watchClosure(this.#kube, [namespace]))
    }
    const closures = [...this.#closures.values()]
    await Promise.all(closures.map(({ ready }) => ready))
    return closures
  }
}
