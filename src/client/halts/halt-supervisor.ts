import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { defaults } from '../../contract/defaults.ts'
import {
  chooseAction,
  type HaltAction,
  type HaltNotification,
  type HaltOptions,
} from '../../contract/halt-actions.ts'
import type { HaltVerdict } from '../../contract/halts.ts'
import { seiNetworks, seiNodes, type Place } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { CallTask } from '../../contract/tasks.ts'
import { pause } from '../../contract/time.ts'
import { cancelledError } from '../../errors/sei-error.ts'
import type { ClientContext } from '../context.ts'
import type { ClientNode } from '../node.ts'
import type { GoodImages } from './good-images.ts'
import type { PlanImages } from './images.ts'
import { markUpgrading, warn } from './mark.ts'
import { notify } from './notify.ts'
import { errorText } from '../../errors/error-text.ts'

export interface HaltSupervisorOptions {
  readonly client: ClientContext
  readonly options: HaltOptions
  readonly images: PlanImages
  readonly good: GoodImages
  readonly call: CallTask
  readonly signal: AbortSignal
  /** Keeps evidence before a node is paused. */
  capture(network: string): Promise<unknown>
  /** Called when an action begins that is meant to heal; until `close()` the halt is no loss. */
  expect(network: string, verdict: HaltVerdict, reason: string): { close(): void }
  onNotification(notification: HaltNotification): void
  onNotice(message: string): void
}

/** The actions after which the node is well again. */
type Healing = Extract<HaltAction, { readonly image: string }>

/** A node that halted, and the one object whose change acts on it. */
interface Subject {
  readonly node: ClientNode
  readonly network: string
  readonly object: SeiNode
}

/**
 * Does about halts what their contract asks: swaps, rolls back, pauses, or says that a person has to. One action for each
 * halt of a network's validators, however many of them halt; one for each lone node.
 */
export class HaltSupervisor {
  readonly #options: HaltSupervisorOptions
  /** Halts that are dealt with, by `keyOf`: a crash loop tells of its halt again and again. */
  readonly #seen = new Set<string>()
  /** By `subjectOf`: until when what is told of it came before it was well; while it is being healed that is for ever. */
  readonly #healed = new Map<string, number>()
  /** By `subjectOf`: the last verdict that came while it was being healed. */
  readonly #meanwhile = new Map<string, () => void>()
  readonly #running = new Set<Promise<void>>()

  constructor(options: HaltSupervisorOptions) {
    this.#options = options
  }

  /**
   * Takes a verdict on one of the nodes. Opens, before it returns, the window of an action that will heal: who asks next whether the
   * halt was expected is told so.
   */
  take(network: string, node: ClientNode, verdict: HaltVerdict): void {
    const object = node.object
    if (object === undefined || this.#options.signal.aborted) return
    const action = chooseAction(verdict, this.#facts(node, object, verdict))
    if (action === undefined) return
    const subject: Subject = { node, network, object }
    const key = keyOf(subject, verdict)
    if (this.#healed.get(subjectOf(subject)) === Number.POSITIVE_INFINITY)
      this.#meanwhile.set(subjectOf(subject), () => this.take(network, node, verdict))
    if (this.#seen.has(key) || this.#isEcho(subject, verdict)) return
    this.#seen.add(key)
    const run = (
      this.#acts && 'image' in action
        ? this.#heal(subject, verdict, action, key)
        : this.#carryOut(subject, verdict, action)
    )
      .then(() => undefined)
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** A subject that is well again may halt another time, for the same reason too. */
  async #heal(subject: Subject, verdict: HaltVerdict, action: Healing, key: string): Promise<void> {
    const name = subjectOf(subject)
    const window = this.#options.expect(subject.network, verdict, action.says)
    this.#healed.set(name, Number.POSITIVE_INFINITY)
    try {
      if (await this.#carryOut(subject, verdict, action)) this.#seen.delete(key)
    } finally {
      window.close()
      this.#healed.set(name, Date.now())
      const again = this.#meanwhile.get(name)
      this.#meanwhile.delete(name)
      // Somebody gave it another image while it was being healed: what it said then was not about ours.
      if (subject.node.object?.spec.image !== action.image) again?.()
    }
  }

  /** An end that was seen before the node was well again: reading its log took until now. */
  #isEcho(subject: Subject, { seenAt }: HaltVerdict): boolean {
    const healed = this.#healed.get(subjectOf(subject))
    if (healed === undefined) return false
    return healed === Number.POSITIVE_INFINITY || (seenAt !== undefined && Date.parse(seenAt) <= healed)
  }

  /** Resolves once nothing is being done any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }

  get #acts(): boolean {
    return this.#options.options.act === true
  }

  #facts(node: ClientNode, object: SeiNode, { planName }: HaltVerdict): Parameters<typeof chooseAction>[1] {
    const { images, good } = this.#options
    return {
      planImage: planName === undefined ? undefined : images.of(planName),
      currentImage: object.spec.image,
      lastGoodImage: good.of(node),
    }
  }

  /** Resolves to whether it came to what it was for. */
  async #carryOut(subject: Subject, verdict: HaltVerdict, action: HaltAction): Promise<boolean> {
    const tell = (state: HaltNotification['state'], error?: string): Promise<void> =>
      this.#tell(subject, verdict, action, state, error)
    await this.#mark(subject, action)
    if (!this.#acts || action.kind === 'none') {
      await tell(action.kind === 'none' ? 'done' : 'would')
      return true
    }
    await tell('begun')
    try {
      if (verdict.source === 'halt_intent') await this.#linger()
      await this.#act(subject, action)
      await tell('done')
      return true
    } catch (error) {
      await tell('failed', errorText(error))
      return false
    }
  }

  async #act({ node, network, object }: Subject, action: HaltAction): Promise<void> {
    const { call, signal, capture, client } = this.#options
    const at: Place = { name: node.name, namespace: node.namespace }
    const whole: Place = { name: node.network, namespace: node.namespace }
    if (action.kind === 'pause') {
      await capture(network)
      // A network forces its own pause on its validators: theirs would be undone in the same moment.
      const [type, ref] = node.founded ? [seiNetworks, whole] : [seiNodes, at]
      const options = { type: 'merge', fieldManager: fieldManagers.harness, signal } as const
      await client.kube.patch(type, ref, { spec: { paused: true } }, options)
      return
    }
    if (action.kind === 'none') return
    const { image } = action
    const overtaken = this.#overtaken(at, image)
    const until = AbortSignal.any([signal, overtaken.signal])
    try {
      if (node.founded) await call('updateNetworkImage', { network: whole, image }, until)
      else if (object.spec.image !== image) await call('updateNodeImage', { node: at, image }, until)
    } finally {
      overtaken.stop()
    }
  }

  /** Aborts once somebody gives the node yet another image: then ours can no longer be proven, and is not wanted. */
  #overtaken({ namespace, name }: Place, image: string): { signal: AbortSignal; stop(): void } {
    const abort = new AbortController()
    let hadOurs = false
    const stop = this.#options.client.watches.of(namespace).nodes.subscribe(({ object }) => {
      if (object.metadata.name !== name) return
      if (object.spec.image === image) hadOurs = true
      else if (hadOurs) abort.abort(cancelledError(`${name} was given another image meanwhile`))
    })
    return { signal: abort.signal, stop }
  }

  /** What nobody can decide stands on the node itself, for whoever looks at it. */
  async #mark({ node, object }: Subject, action: HaltAction): Promise<void> {
    const { client, onNotice } = this.#options
    if (action.kind !== 'none' || action.why !== 'ImageMappingMissing') return
    try {
      await warn(client.kube, object, action.why, action.says)
      if (client.cluster.simulated) await markUpgrading(client.kube, node, action.why, action.says)
    } catch (error) {
      onNotice(`${node.name} could not be marked: ${errorText(error)}`)
    }
  }

  /** A pod that stays alive after its announcement can be looked at for a while, and no longer. */
  #linger(): Promise<void> {
    const { options, client, signal } = this.#options
    const ms = options.lingerMs ?? defaults.haltLingerMs / (client.cluster.rate ?? 1)
    return pause(client.time, ms, signal, { passive: true })
  }

  async #tell(
    { node, network }: Subject,
    verdict: HaltVerdict,
    action: HaltAction,
    state: HaltNotification['state'],
    error: string | undefined,
  ): Promise<void> {
    const { options, onNotification, onNotice } = this.#options
    const at = new Date().toISOString()
    const notification: HaltNotification = { at, network, node: node.name, verdict, action, state, error }
    onNotification(notification)
    await notify(options.notify ?? {}, notification, (why) =>
      onNotice(`the halt of ${node.name} was not told: ${why}`),
    )
  }
}

/** Validators of a network halt together and are healed together, by one change of their SeiNetwork. */
function subjectOf({ node, network }: Subject): string {
  return node.founded ? `network ${network}` : `node ${node.namespace}/${node.name}`
}

function keyOf(subject: Subject, { kind, planName, reason }: HaltVerdict): string {
  return [subjectOf(subject), kind, planName, reason, subject.object.spec.image].join(' ')
}
