import { apiVersionOf, events as eventType, type ResourceType } from '../../../contract/kinds.ts'
import type { KubeEvent, KubeObject } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'
import { eventName } from '../../event-name.ts'
import { isNamespaceTerminating, isNotFound } from '../../../kube/errors.ts'
import { seconds } from './conditions.ts'
import { refOf } from './keys.ts'

export interface EventRecorder {
  /** Records an event on `about`. Never throws and is not waited for; a repeat raises the count of the first. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
}

/** Events of one source about one object that are let through at once, and the simulated time until one more is. */
const burst = 25
const refillMs = 300_000

/** Events a repeat of which is recognised. */
const remembered = 4096

interface Sent {
  readonly name: string
  count: number
}

export interface RecorderOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly component: string
  readonly fieldManager: string
  /** Of the objects that events will be about. */
  readonly type: ResourceType
  readonly log: (line: string) => void
}

/**
 * Events as client-go records them: equal ones (object, type, reason, message) are one Event whose count grows; one source
 * may send 25 about one object at once and one more each five minutes. Writes keep their order.
 */
export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const send = createSender(options)
  const allowed = createSpamFilter(options.clock)
  let last: Promise<void> = Promise.resolve()
  return {
    event(about, type, reason, message) {
      if (!allowed(about.metadata.uid ?? '')) return
      last = last
        .then(() => send(about, { type, reason, message }))
        .catch((error: unknown) => {
          // There is no place left to keep an event of a namespace that is going.
          if (!isNamespaceTerminating(error) && !isNotFound(error))
            options.log(`event ${reason}: ${String(error)}`)
        })
    },
  }
}

/** Sends one event, as a new one or as a repeat of one that was sent before. */
function createSender(options: RecorderOptions): (about: KubeObject, draft: Draft) => Promise<void> {
  const { kube, clock, component, fieldManager, type } = options
  const sent = new Map<string, Sent>()

  const create = async (about: KubeObject, draft: Draft, key: string): Promise<void> => {
    const now = clock.now()
    const name = eventName(about.metadata.name, now)
    sent.set(key, { name, count: 1 })
    if (sent.size > remembered) sent.delete(sent.keys().next().value ?? '')
    const event = {
      ...eventBody(about, type, draft, component),
      metadata: { name, namespace: namespaceOf(about) },
      count: 1,
      firstTimestamp: seconds(now),
      lastTimestamp: seconds(now),
    }
    await kube.create<KubeEvent>(eventType, event, { fieldManager })
  }
  const repeat = async (about: KubeObject, earlier: Sent): Promise<void> => {
    earlier.count += 1
    const body = { count: earlier.count, lastTimestamp: seconds(clock.now()) }
    const ref = { namespace: namespaceOf(about), name: earlier.name }
    await kube.patch<KubeEvent>(eventType, ref, body, { type: 'merge', fieldManager })
  }
  return async (about, draft) => {
    const key = [about.metadata.uid, draft.type, draft.reason, draft.message].join('\0')
    const earlier = sent.get(key)
    if (earlier === undefined) return create(about, draft, key)
    try {
      await repeat(about, earlier)
    } catch (error) {
      if (!isNotFound(error)) throw error
      await create(about, draft, key)
    }
  }
}

interface Draft {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** Events about cluster-scoped objects are kept in `default`. */
function namespaceOf(about: KubeObject): string {
  return refOf(about).namespace ?? 'default'
}

function eventBody(
  about: KubeObject,
  type: ResourceType,
  draft: Draft,
  component: string,
): Omit<KubeEvent, 'metadata'> {
  const { name, namespace, uid, resourceVersion } = about.metadata
  const involvedObject = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  }
  return {
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject,
    type: draft.type,
    reason: draft.reason,
    message: draft.message,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
  }
}

function createSpamFilter(clock: Clock): (uid: string) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (uid) => {
    const now = clock.wall.now() * clock.rate
    const bucket = buckets.get(uid) ?? { tokens: burst, at: now }
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs)
    bucket.at = now
    buckets.set(uid, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}
