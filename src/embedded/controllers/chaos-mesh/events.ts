import { apiVersionOf, events as eventType, type ResourceType } from '../../../contract/kinds.ts'
import type { KubeEvent, KubeObject } from '../../../contract/objects.ts'
import { errorText } from '../../../errors/error-text.ts'
import { isNamespaceTerminating, isNotFound } from '../../../kube/errors.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'
import { eventName } from '../../event-name.ts'
import { seconds } from '../runtime/conditions.ts'

/** What Chaos Mesh says in an event: `fields` and `name` come back as annotations, in kebab case. */
export interface ChaosEvent {
  readonly name: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** Records events on objects of one type. Never throws and is not waited for. */
export type ChaosRecorder = (about: KubeObject, event: ChaosEvent) => void

export interface ChaosEventSink {
  /** @param component name of the controller that speaks */
  recorder(component: string, type: ResourceType): ChaosRecorder
}

const prefix = 'chaos-mesh.org/'

/**
 * Events as Chaos Mesh records them, which is not as client-go does: each is an Event of its own, a repeat too, and none is
 * held back. Those of all controllers are written in the order in which they were recorded.
 */
export function createChaosEvents(
  kube: KubeClient,
  clock: Clock,
  fieldManager: string,
  log: (line: string) => void,
): ChaosEventSink {
  let last: Promise<unknown> = Promise.resolve()
  return {
    recorder: (component, type) => (about, event) => {
      const body = eventBody(about, type, event, component, clock.now())
      last = last
        .then(() => kube.create<KubeEvent>(eventType, body, { fieldManager }))
        .catch((error: unknown) => {
          // There is no place left to keep an event of a namespace that is going.
          if (!isNamespaceTerminating(error) && !isNotFound(error))
            log(`event ${event.reason}: ${errorText(error)}`)
        })
    },
  }
}

function eventBody(
  about: KubeObject,
  type: ResourceType,
  event: ChaosEvent,
  component: string,
  now: Date,
): KubeEvent {
  const { name, namespace = 'default', uid = '', resourceVersion = '' } = about.metadata
  const { kind } = type
  const involvedObject = { apiVersion: apiVersionOf(type), kind, name, namespace, uid, resourceVersion }
  const fields = Object.entries(event.fields ?? {}).map(([key, value]) => [`${prefix}${key}`, value])
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: eventName(name, now),
      namespace,
      annotations: { ...Object.fromEntries(fields), [`${prefix}type`]: event.name },
    },
    involvedObject,
    type: event.type,
    reason: event.reason,
    message: event.message,
    count: 1,
    firstTimestamp: seconds(now),
    lastTimestamp: seconds(now),
    source: { component },
  }
}
