import { events } from '../../contract/kinds.ts'
import type { KubeEvent, KubeObject } from '../../contract/objects.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import { eventName } from '../event-name.ts'
import type { Wall } from '../wall.ts'

export interface EventRecorder {
  /** Records in the background; the same message about the same object raises `count`. Never throws. */
  record(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void
}

interface Entry {
  event: KubeEvent & { eventTime: null }
  written: number
}

/**
 * Ms of the wall that an event waits before it is written, and between two of them. A fleet that starts makes hundreds;
 * they must not take processor time from what readiness waits for.
 */
const restMs = { first: 300, next: 4 } as const
/** Entries remembered for counting; the oldest go first. */
const remembered = 4096

/** Events of one component (`kubelet`, `default-scheduler`, …), aggregated as client-go's recorder does. */
export function createRecorder(
  kube: KubeClient,
  clock: Clock,
  source: { readonly component: string; readonly host?: string },
): EventRecorder {
  const entries = new Map<string, Entry>()
  const urgent = createLane(kube, clock.wall, { first: 0, next: 0 })
  const restful = createLane(kube, clock.wall, restMs)
  return {
    record(about, type, reason, message, fieldPath) {
      const key = [about.metadata.uid, type, reason, message, fieldPath].join('\n')
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = {
          written: 0,
          event: newEvent(about, { type, reason, message, fieldPath }, source, clock.now()),
        }
        entries.set(key, entry)
        if (entries.size > remembered) forgetOldest(entries)
      } else {
        entry.event.count = (entry.event.count ?? 0) + 1
        entry.event.lastTimestamp = timestamp(clock.now())
      }
      ;(isUrgent(type, reason) ? urgent : restful).add(entry)
    },
  }
}

/** Warnings explain what readiness waits for, and go at once; all but the probes that fail while anything starts. */
function isUrgent(type: 'Normal' | 'Warning', reason: string): boolean {
  return type === 'Warning' && reason !== 'Unhealthy'
}

/** Writes entries one after the other; one that changes while it waits is written once. */
function createLane(
  kube: KubeClient,
  wall: Wall,
  rest: { readonly first: number; readonly next: number },
): { add(entry: Entry): void } {
  const waiting = new Set<Entry>()
  let running = false
  const run = async (): Promise<void> => {
    await pause(wall, rest.first)
    for (const entry of waiting) {
      waiting.delete(entry)
      await write(kube, entry)
      if (rest.next > 0) await pause(wall, rest.next)
    }
    running = false
  }
  return {
    add(entry) {
      waiting.add(entry)
      if (running) return
      running = true
      void run()
    },
  }
}

function pause(wall: Wall, ms: number): Promise<void> {
  return new Promise((resolve) => {
    wall.after(ms, resolve)
  })
}

async function write(kube: KubeClient, entry: Entry): Promise<void> {
  const { event } = entry
  const { count = 1 } = event
  const first = entry.written === 0
  entry.written = count
  try {
    if (first) await kube.create(events, event)
    else {
      const { name, namespace } = event.metadata
      const patch = { count, lastTimestamp: event.lastTimestamp }
      await kube.patch(events, { name, namespace }, patch, { type: 'merge' })
    }
  } catch {
    // An event is a courtesy: a namespace that is going away refuses it, as a real recorder finds too.
  }
}

function newEvent(
  about: KubeObject,
  what: { type: 'Normal' | 'Warning'; reason: string; message: string; fieldPath: string | undefined },
  source: { component: string; host?: string },
  at: Date,
): Entry['event'] {
  const { name, namespace, uid, resourceVersion } = about.metadata
  const now = timestamp(at)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: eventName(name, at),
      namespace: namespace ?? 'default',
    },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(what.fieldPath === undefined ? {} : { fieldPath: what.fieldPath }),
    },
    type: what.type,
    reason: what.reason,
    message: what.message,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    eventTime: null,
    source,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  }
}

function forgetOldest(entries: Map<string, Entry>): void {
  const [oldest] = entries.keys()
  if (oldest !== undefined) entries.delete(oldest)
}

/** Kubernetes keeps whole seconds. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
