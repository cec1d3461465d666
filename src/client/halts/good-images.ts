import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import type { Place } from '../../contract/tasks.ts'
import { isCancelled } from '../../errors/guards.ts'
import type { Watch } from '../../kube/types.ts'
import type { ClientNode } from '../node.ts'

export interface GoodImagesOptions {
  readonly nodes: Watch<SeiNode>
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

  /** Looks until the node has caught up with that image, or has another. */
  async #look(place: Place, key: string, image: string): Promise<void> {
    const { handle, signal } = this.#options
    while (!signal.aborted && this.#looking.get(key) === image) {
      try {
        const node = await handle(place)
        const { catchingUp, latestHeight } = await node.status({ signal, timeoutMs: 5_000 })
        await node.waitHeight(latestHeight + 1, { signal, timeoutMs: 10_000 })
        if (!catchingUp && (await node.refresh()).spec.image === image) {
          this.#good.set(key, image)
          break
        }
      } catch (error) {
        if (isCancelled(error)) return
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs).unref())
    }
    if (this.#looking.get(key) === image) this.#looking.delete(key)
  }
}
