import type { Place } from '../../contract/kinds.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { podName } from '../../contract/names.ts'
import type { Pod } from '../../contract/objects.ts'
import { pause, realTime } from '../../contract/time.ts'
import { isCancelled } from '../../errors/guards.ts'
import type { Watch } from '../../kube/types.ts'
import type { ClientNode } from '../node.ts'
import { runsImage } from '../tasks/stuck-pod.ts'
import { seidOf } from '../tasks/target-state.ts'

export interface GoodImagesOptions {
  readonly nodes: Watch<SeiNode>
  readonly pods: Watch<Pod>
  concerns(node: Place): boolean
  handle(node: Place): Promise<ClientNode>
  readonly signal: AbortSignal
}

/** Between two looks at a node that has a new image and is not caught up yet, ms. */
const lookMs = 500

/**
 * Remembers with which image each node was last seen caught up. A node's status cannot tell: `currentImage` is written
 * once its StatefulSet has the image, whether or not it runs.
 */
export class GoodImages {
  readonly #options: GoodImagesOptions
  readonly #good = new Map<string, string>()
  readonly #looking = new Map<string, string>()

  constructor(options: GoodImagesOptions) {
    this.#options = options
    const stop = options.nodes.subscribe(({ type, object }) => {
      if (type !== 'DELETED') this.#see(object)
    })
    options.signal.addEventListener('abort', stop, { once: true })
  }

  /** Somebody else has seen the node caught up with that image. */
  record({ namespace, name }: Place, image: string): void {
    this.#good.set(`${namespace}/${name}`, image)
  }

  of({ namespace, name }: Place): string | undefined {
    return this.#good.get(`${namespace}/${name}`)
  }

  #see({ metadata: { name, namespace = '' }, spec, status }: SeiNode): void {
    const key = `${namespace}/${name}`
    const { image } = spec
    if (status?.currentImage !== image || this.#good.get(key) === image) return
    if (this.#looking.get(key) === image || !this.#options.concerns({ namespace, name })) return
    this.#looking.set(key, image)
    void this.#look({ namespace, name }, key, image)
  }

  /** Which instance of seid runs with that image, if one does. */
  #runningPod({ namespace, name }: Place, image: string): string | undefined {
    const pod = this.#options.pods.get({ namespace, name: podName(name) })
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined
    const seid = seidOf(pod)
    if (seid?.state?.running === undefined || !runsImage(pod.spec.containers, image)) return undefined
    return `${pod.metadata.uid} ${seid.restartCount}`
  }

  /** Looks until the node has caught up with that image, or has another. */
  async #look(place: Place, key: string, image: string): Promise<void> {
    const { handle, signal } = this.#options
    while (!signal.aborted && this.#looking.get(key) === image) {
      try {
        const node = await handle(place)
        // What answers must be the image: the pod before may serve until the last moment.
        const running = this.#runningPod(place, image)
        const { catchingUp, latestHeight } = await node.status({ signal, timeoutMs: 5_000 })
        await node.waitHeight(latestHeight + 1, { signal, timeoutMs: 10_000 })
        if (!catchingUp && running !== undefined && this.#runningPod(place, image) === running) {
          this.#good.set(key, image)
          break
        }
      } catch (error) {
        if (isCancelled(error)) return
      }
      await pause(realTime, lookMs, signal, { passive: true })
    }
    if (this.#looking.get(key) === image) this.#looking.delete(key)
  }
}
