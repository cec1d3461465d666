import type { HaltVerdict } from './halts.ts'

/** What to do about halts: the option `halts`, and the flags of `seitask supervise`. */
export interface HaltOptions {
  /** Whether to do it. Otherwise it is only said. @default false */
  readonly act?: boolean | undefined
  /**
   * Image of each upgrade plan, by the plan's name; or the ConfigMap whose data says so, read as it is when the halt comes.
   */
  readonly images?: Readonly<Record<string, string>> | { readonly configMap: string } | undefined
  readonly notify?: NotifyOptions | undefined
  /** For how long a pod that announced its halt and stays alive is left to be looked at, ms. @default `defaults.haltLingerMs` */
  readonly lingerMs?: number | undefined
}

export interface NotifyOptions {
  /** URL that gets each notification as a POST of JSON. */
  readonly webhook?: string | undefined
  /** Called with each notification, in the main process. */
  readonly hook?: ((notification: HaltNotification) => unknown) | undefined
}

/**
 * - `swap` the image that has the plan's handler; the new binary executes the height again.
 * - `roll-back` to the image that was last caught up. Never forward.
 * - `pause` and leave everything else to people.
 * - `none` nothing that a machine may decide.
 */
export type HaltAction =
  | { readonly kind: 'swap'; readonly image: string; readonly says: string }
  | { readonly kind: 'roll-back'; readonly image: string; readonly says: string }
  | { readonly kind: 'pause'; readonly says: string }
  | { readonly kind: 'none'; readonly why: NoActionReason; readonly says: string }

/** `ImageMappingMissing` is also the reason of the condition Upgrading that the node gets. */
export type NoActionReason = 'ImageMappingMissing' | 'NoEarlierImage' | 'UnknownReason' | 'NotDeliberate'

export interface HaltNotification {
  /** ISO 8601. */
  readonly at: string
  readonly network: string
  readonly node: string
  readonly verdict: HaltVerdict
  readonly action: HaltAction
  /** `would`: without `act` it is only said; `done` and `failed` end what was `begun`. */
  readonly state: 'would' | 'begun' | 'done' | 'failed'
  /** Why it failed. */
  readonly error?: string | undefined
}

export interface HaltFacts {
  /** Image that has the handler of the verdict's plan, where anyone named one. */
  readonly planImage?: string | undefined
  readonly currentImage?: string | undefined
  /** Image with which the node was last seen caught up: status cannot tell. */
  readonly lastGoodImage?: string | undefined
}

/** What the contract of halts asks for. `undefined` for what is no halt that anyone has to act on. */
export function chooseAction(verdict: HaltVerdict, facts: HaltFacts): HaltAction | undefined {
  const { kind, planName, reason } = verdict
  const plan = planName === undefined ? 'the upgrade' : `plan ${planName}`
  switch (kind) {
    case 'upgrade-required': {
      const { planImage: image } = facts
      if (image !== undefined && image !== facts.currentImage)
        return { kind: 'swap', image, says: `swap the image to ${image}, which has ${plan}` }
      const says =
        image === undefined
          ? `nobody said which image has ${plan}`
          : `the image that is to have ${plan}, ${image}, is the one that halted`
      return { kind: 'none', why: 'ImageMappingMissing', says }
    }
    case 'binary-too-new': {
      const { lastGoodImage: image } = facts
      if (image !== undefined && image !== facts.currentImage)
        return { kind: 'roll-back', image, says: `go back to ${image}, with which it was last caught up` }
      return {
        kind: 'none',
        why: 'NoEarlierImage',
        says: 'no earlier image is known with which it was caught up',
      }
    }
    case 'downgrade':
      return { kind: 'pause', says: 'pause it: no image may be guessed' }
    case 'deliberate-unknown':
      return {
        kind: 'none',
        why: 'UnknownReason',
        says: `it halted on purpose, for reason ${reason ?? 'unknown'}, which this version does not know`,
      }
    default:
      return undefined
  }
}
