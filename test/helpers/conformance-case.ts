import { expect } from 'vitest'

import type { Answer, ApiTarget, CallOptions, OpenWatch, WatchEvent } from './api-target.ts'

type Fields = Record<string, unknown>

/** One case of the conformance table; the same ones are held against every target. */
export interface ConformanceCase {
  readonly number: number
  readonly kind: 'default' | 'behavior' | 'error'
  readonly title: string
  run(space: Space): Promise<void>
}

/** A namespace of its own for one case, with short words for what cases do. */
export interface Space {
  readonly target: ApiTarget
  readonly namespace: string
  /** Path of a collection in the namespace, or of an object in it; `w` and `v` are the test definitions. */
  path(plural: string, name?: string): string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Creates and returns the object; fails the case if it is refused. */
  create(plural: string, object: Fields): Promise<Fields>
  watch(path: string, options?: Pick<CallOptions, 'accept'>): Promise<OpenWatch>
}

const groups: Readonly<Record<string, string>> = {
  widgets: '/apis/test.dev/v1',
  views: '/apis/test.dev/v1',
  statefulsets: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  leases: '/apis/coordination.k8s.io/v1',
}

let spaces = 0

/** Opens a new namespace on the target; `close` ends the watches the case left open and deletes it. */
export async function openSpace(target: ApiTarget): Promise<Space & { close(): Promise<void> }> {
  spaces += 1
  const namespace = `case-${spaces}-${Date.now().toString(36)}`
  await target.call('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  })
  const watches: OpenWatch[] = []
  const path = (plural: string, name?: string): string => {
    const collection = `${groups[plural] ?? '/api/v1'}/namespaces/${namespace}/${plural}`
    return name === undefined ? collection : `${collection}/${name}`
  }
  return {
    target,
    namespace,
    path,
    call: (method, at, options) => target.call(method, at, options),
    async create(plural, object) {
      const answer = await target.call('POST', path(plural), { body: object })
      expect(answer).toMatchObject({ status: 201 })
      return answer.body as Fields
    },
    async watch(at, options) {
      const watch = await target.watch(at, options)
      watches.push(watch)
      return watch
    },
    async close() {
      for (const watch of watches) watch.close()
      await target.call('DELETE', `/api/v1/namespaces/${namespace}`)
    },
  }
}

export function widget(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'test.dev/v1',
    kind: 'Widget',
    metadata: { name, ...metadata },
    spec: { kind: 'k', ...spec },
  }
}

export function configMap(name: string, data: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data }
}

/** For lists of a whole namespace: no controller puts Secrets of its own there. */
export function secret(name: string, stringData: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...metadata }, stringData }
}

/** The value at a dotted path. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (part as Fields | undefined)?.[key], value)
}

export function textAt(value: unknown, path: string): string {
  return String(at(value, path))
}

export function revisionOf(value: unknown): string {
  return textAt(value, 'metadata.resourceVersion')
}

/** Names of a list's items. */
export function namesOf(answer: Answer): string[] {
  return (at(answer.body, 'items') as Fields[]).map((item) => textAt(item, 'metadata.name'))
}

/** `ADDED a`, one line an event. */
export function summary(events: readonly WatchEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${textAt(object, 'metadata.name')}`)
}

/** Field and reason of each cause of a 422. */
export function causesOf(answer: Answer): string[] {
  const causes = at(answer.body, 'details.causes') as { field: string; reason: string }[] | undefined
  return (causes ?? []).map(({ field, reason }) => `${field} ${reason}`).toSorted()
}
