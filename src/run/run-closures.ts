import { watchClosure, type ClosureWatch, type UnreadableKind } from '../client/closure-watch.ts'
import type { OwnedObject } from '../client/closure.ts'
import { pause, realTime, type Time } from '../contract/time.ts'
import type { KubeClient } from '../kube/types.ts'

/** Between two lists of what the watches no longer show, in ms. */
const relistMs = 250

/**
 * Everything that belongs to one run, in every namespace it has used. Its watches open when it is first asked, at the
 * end of a network: they are no part of what a test waits for at the start.
 */
export class RunClosures {
  readonly #kube: KubeClient
  readonly #run: string
  readonly #time: Time
  readonly #namespaces = new Set<string>()
  readonly #closures = new Map<string, ClosureWatch>()

  constructor(kube: KubeClient, run: string, time: Time = realTime) {
    this.#time = time
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
    const closures = await this.#listed(timeoutMs)
    return distinct(closures.map((closure) => closure.owned({ run: this.#run })))
  }

  /** Like `owned`, by a list of now: a watch may have fallen silent without anybody's notice. */
  async standing(timeoutMs: number): Promise<OwnedObject[]> {
    const by = this.#time.now() + timeoutMs
    const closures = await this.#listed(timeoutMs)
    const left = Math.max(0, by - this.#time.now())
    return distinct(
      await Promise.all(closures.map((closure) => closure.list({ run: this.#run }, { timeoutMs: left }))),
    )
  }

  /** Resolves to what is left: nothing, as soon as a list shows nothing; else what it shows after `timeoutMs`. */
  async waitGone(timeoutMs: number): Promise<OwnedObject[]> {
    const by = this.#time.now() + timeoutMs
    for (;;) {
      const closures = await this.#listed(timeoutMs)
      const leftMs = Math.max(0, by - this.#time.now())
      await Promise.all(
        closures.map((closure) => closure.waitGone({ run: this.#run }, { timeoutMs: leftMs })),
      )
      const standing = await this.standing(timeoutMs)
      if (standing.length === 0 || this.#time.now() >= by) return standing
      await pause(this.#time, relistMs)
    }
  }

  close(): void {
    for (const closure of this.#closures.values()) closure.close()
  }

  async #listed(timeoutMs: number): Promise<ClosureWatch[]> {
    for (const namespace of this.#namespaces) {
      if (!this.#closures.has(namespace))
        this.#closures.set(namespace, watchClosure(this.#kube, [namespace], this.#time))
    }
    const closures = [...this.#closures.values()]
    await Promise.all(closures.map((closure) => closure.listed({ timeoutMs })))
    return closures
  }
}

/** What is in no namespace is found from each of them. */
function distinct(found: readonly (readonly OwnedObject[])[]): OwnedObject[] {
  return [...new Map(found.flat().map((object) => [object.uid, object])).values()]
}
