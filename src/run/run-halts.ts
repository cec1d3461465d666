import type { Place } from '../contract/kinds.ts'
import type { HaltSupervision } from '../client/halts/supervise.ts'
import type { HaltNotification, HaltOptions } from '../contract/halt-actions.ts'
import type { NodeHandle } from '../contract/handles.ts'
import type { Disruptions } from './disruptions.ts'
import type { Feed } from './feed.ts'
import type { OpenedCluster } from './opened-cluster.ts'
import type { RunTasks } from './task-calls.ts'
import type { Verdicts } from './watchdog/verdicts.ts'

export interface RunHaltsOptions {
  readonly options: HaltOptions
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  readonly tasks: RunTasks
  readonly feed: Feed
  capture(network: string): Promise<unknown>
}

/** What a run does about halts of its nodes: the option `halts`. */
export class RunHalts {
  readonly #options: RunHaltsOptions
  readonly #supervisions = new Map<OpenedCluster, Map<string, HaltSupervision>>()
  readonly #watched = new Map<string, Place>()

  constructor(options: RunHaltsOptions) {
    this.#options = options
    options.tasks.onWell.add((node, image) => {
      for (const supervisions of this.#supervisions.values())
        supervisions.get(node.namespace)?.well(node, image)
    })
  }

  /** Deals with the halts of these nodes, which have just passed their gates, from now on until `stop` aborts. */
  watch(
    opened: OpenedCluster,
    network: string,
    nodes: readonly (Place & Pick<NodeHandle, 'object'>)[],
    stop: AbortSignal,
  ): void {
    for (const { name, namespace, object } of nodes) {
      this.#watched.set(keyOf({ name, namespace }), { name, namespace })
      const supervision = this.#supervisionOf(opened, namespace)
      if (object !== undefined) supervision.well({ name, namespace }, object.spec.image)
    }
    const unsubscribe = this.#options.verdicts.subscribe((of, verdict) => {
      const place = nodes.find(({ name }) => name === verdict.node)
      if (of === network && place !== undefined)
        this.#supervisionOf(opened, place.namespace).take(network, place, verdict)
    })
    stop.addEventListener('abort', unsubscribe, { once: true })
  }

  close(): void {
    for (const supervisions of this.#supervisions.values())
      for (const supervision of supervisions.values()) supervision.close()
    this.#supervisions.clear()
  }

  #supervisionOf(opened: OpenedCluster, namespace: string): HaltSupervision {
    const { options, disruptions, tasks, feed, capture } = this.#options
    const known = this.#supervisions.get(opened) ?? new Map<string, HaltSupervision>()
    this.#supervisions.set(opened, known)
    const supervision =
      known.get(namespace) ??
      opened.client.superviseHalts({
        namespace,
        options,
        capture,
        call: tasks.callsOf(opened),
        concerns: (place) => this.#watched.has(keyOf(place)),
        expect: (network, { kind, planName }, reason) =>
          disruptions.open({
            network,
            kind: 'upgrade',
            reason,
            halts: { kinds: [kind], ...(planName === undefined ? {} : { planName }) },
          }),
        onNotification: (notification) =>
          feed.emit({ type: 'notice', network: notification.network, message: describe(notification) }),
        onNotice: (message) => feed.emit({ type: 'notice', message }),
      })
    known.set(namespace, supervision)
    return supervision
  }
}

const verbs = { would: 'would', begun: 'begins to', done: 'did', failed: 'failed to' } as const

/** One line for people. */
export function describe({ node, verdict, action, state, error }: HaltNotification): string {
  const halted = `${node} halted (${verdict.kind}, by ${verdict.source})`
  if (action.kind === 'none') return `${halted}; a person has to decide: ${action.says}`
  return `${halted}; the halt supervisor ${verbs[state]} ${action.says}${error === undefined ? '' : `: ${error}`}`
}

function keyOf({ namespace, name }: Place): string {
  return `${namespace}/${name}`
}
