import { events } from '../../contract/kinds.ts'
import type { KubeEvent, KubeObject } from '../../contract/objects.ts'
import type { KubeClient } from '../../kube/types.ts'

export interface EventRecorder {
  /** Records in the background; the same message about the same object raises `count`. Never throws. */
  record(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void
  /** Resolves once everything recorded so far was written or given up. */
  drain(): Promise<void>
}

interface Entry {
  event: KubeEvent & { eventTime: null }
  written: number
}

/** Writes of events that may be under way at once: they must not delay what readiness waits for. */
const lanes = 2
/** Entries remembered for counting; the oldest go first. */
const remembered = 4096

/** Events of one component (`kubelet`, `default-scheduler`, …), aggregated as client-go's recorder does. */
export function createRecorder(
  kube: KubeClient,
  source: { readonly component: string; readonly host?: string },
): EventRecorder {
  const entries = new Map<string, Entry>()
  const dirty = new Set<Entry>()
  const active = new Set<Promise<void>>()
  let serial = 0

  const run = async (): Promise<void> => {
    for (const entry of dirty) {
      dirty.delete(entry)
      await write(kube, entry)
    }
  }
  const kick = (): void => {
    if (active.size >= lanes || dirty.size === 0) return
    const lane = run().finally(() => {
      active.delete(lane)
      kick()
    })
    active.add(lane)
  }

  return {
    record(about, type, reason, message, fieldPath) {
      const key = [about.metadata.uid, type, reason, message, fieldPath].join('\n')
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = {
          written: 0,
          event: newEvent(about, { type, reason, message, fieldPath }, source, (serial += 1)),
        }
        entries.set(key, entry)
        if (entries.size > remembered) forgetOldest(entries)
      } else {
        entry.event.count = (entry.event.count ?? 0) + 1
        entry.event.lastTimestamp = timestamp()
      }
      dirty.add(entry)
      setImmediate(kick)
    },
    async drain() {
      while (active.size > 0 || dirty.size > 0) {
        kick()
        await Promise.all(active)
      }
    },
  }
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
  serial: number,
): Entry['event'] {
  const { name, namespace, uid, resourceVersion } = about.metadata
  const now = timestamp()
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${name}.${(Date.now() * 4096 + serial).toString(16)}`,
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
export function timestamp(at: Date = new Date()): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
