import { watchClosure, type ClosureWatch } from '../client/closure-watch.ts'
import type { OwnedObject } from '../client/closure.ts'
import type { KubeClient } from '../kube/types.ts'

/** Everything that belongs to one run, in every namespace it has used, kept current by watches. */
export class RunClosures {
  readonly #kube: KubeClient
  readonly #run: string
  readonly #closures = new Map<string, ClosureWatch>()

  constructor(kube: KubeClient, run: string) {
    this.#kube = kube
    this.#run = run
  }

  /** Watches a namespace from now on; what the run has in it is listed before `owned` answers. */
  include(namespace: string): void {
    if (!this.#closures.has(namespace)) this.#closures.set(namespace, watchClosure(this.#kube, [namespace]))
  }

  async owned(): Promise<OwnedObject[]> {
    const found = new Map<string, OwnedObject>()
    for (const closure of this.#closures.values()) {
      await closure.ready
      for (const object of closure.owned({ run: this.#run })) found.set(object.uid, object)
    }
    return [...found.values()]
  }

  /** Resolves to what is left: nothing, as soon as nothing is; else what is there after `timeoutMs`. */
  async waitGone(timeoutMs: number): Promise<OwnedObject[]> {
    const left = await Promise.all(
      [...this.#closures.values()].map((closure) => closure.waitGone({ run: this.#run }, { timeoutMs })),
    )
    return [...new Map(left.flat().map((object) => [object.uid, object])).values()]
  }

  close(): void {
    for (const closure of this.#closures.values()) closure.close()
  }
}
