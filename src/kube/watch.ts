import { apiVersionOf, type ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { describeTarget } from './objects.ts'
import { createReflector, type Reflector, type ReflectorOptions } from './reflector.ts'
import type { Transport } from './transport.ts'
import type { ListOptions, Watch } from './types.ts'
import { waitFor } from './wait-for.ts'

export interface Watches {
  open<T extends KubeObject>(type: ResourceType, options: ListOptions): Watch<T>
  close(): void
}

interface Shared {
  readonly reflector: Reflector<KubeObject>
  users: number
}

/** One reflector per (type, options), shared by all who watch it and stopped when the last of them leaves. */
export function createWatches(transport: Transport, settings: ReflectorOptions): Watches {
  const shared = new Map<string, Shared>()
  const closers = new Set<() => void>()
  let closed = false

  const join = (key: string, type: ResourceType, options: ListOptions): Shared => {
    const there = shared.get(key)
    if (there !== undefined) return there
    const reflector = createReflector<KubeObject>(transport, type, options, settings)
    const made: Shared = { reflector, users: 0 }
    shared.set(key, made)
    // A refused watch is over: whoever asks next tries again.
    reflector.ready.catch(() => shared.get(key) === made && shared.delete(key))
    return made
  }

  return {
    open: <T extends KubeObject>(type: ResourceType, options: ListOptions) => {
      const { namespace = '', labelSelector = '', fieldSelector = '' } = options
      const key = [apiVersionOf(type), type.plural, namespace, labelSelector, fieldSelector].join('|')
      const source = join(key, type, options)
      source.users += 1
      const what = describeTarget(type, { namespace: options.namespace })
      const watch = createHandle<T>(source.reflector as unknown as Reflector<T>, what, () => {
        closers.delete(watch.close)
        source.users -= 1
        if (source.users > 0) return
        source.reflector.stop()
        if (shared.get(key) === source) shared.delete(key)
      })
      closers.add(watch.close)
      // Nothing will come any more: whoever asks now must hear so instead of trying for ever.
      if (closed) watch.close()
      return watch
    },
    close: () => {
      closed = true
      for (const close of closers) close()
    },
  }
}

function createHandle<T extends KubeObject>(
  reflector: Reflector<T>,
  what: string,
  leave: () => void,
): Watch<T> {
  const stops = new Set<() => void>()
  const closing = new AbortController()

  const subscribe: Watch<T>['subscribe'] = (listener) => {
    if (closing.signal.aborted) return () => undefined
    const unsubscribe = reflector.subscribe(listener)
    const stop = (): void => {
      unsubscribe()
      stops.delete(stop)
    }
    stops.add(stop)
    return stop
  }

  return {
    ready: reflector.ready,
    items: reflector.items,
    get: reflector.get,
    subscribe,
    waitFor: (predicate, options) => waitFor(reflector, { what, closed: closing.signal }, predicate, options),
    close: () => {
      if (closing.signal.aborted) return
      closing.abort()
      for (const stop of stops) stop()
      leave()
    },
  }
}
