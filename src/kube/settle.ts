import type { KubeObject } from '../contract/objects.ts'
import { SeiError } from '../errors/sei-error.ts'
import type { Asked, KubeStatus } from './errors.ts'

/**
 * Whether `live` holds everything that a write of `sent` would have left there. Fields that such a write leaves alone do
 * not count: `status`, or all but the subresource; and of the metadata what the server keeps itself.
 */
export function covers(live: KubeObject, sent: KubeObject, subresource?: string): boolean {
  const fields = sent as KubeObject & Readonly<Record<string, unknown>>
  if (subresource !== undefined) return contains(live, { [subresource]: fields[subresource] })
  const { status: _, ...rest } = fields
  const {
    resourceVersion: __,
    managedFields: ___,
    creationTimestamp: ____,
    generation: _____,
    ...metadata
  } = sent.metadata
  return contains(live, { ...rest, metadata })
}

function contains(live: unknown, sent: unknown): boolean {
  if (sent === null || sent === undefined) return live === null || live === undefined
  if (typeof sent !== 'object') return live === sent
  // The server leaves out empty maps and lists of typed objects.
  if (live === undefined) return Object.keys(sent).length === 0
  if (typeof live !== 'object' || live === null) return false
  if (Array.isArray(sent)) {
    return (
      Array.isArray(live) && live.length === sent.length && sent.every((item, at) => contains(live[at], item))
    )
  }
  const there = live as Readonly<Record<string, unknown>>
  return Object.entries(sent).every(([key, value]) => contains(there[key], value))
}

/** A write got no answer, and what now stands under its name is not what it would have left there. */
export function foundOtherError(asked: Asked, reason: 'AlreadyExists' | 'Conflict', name: string): SeiError {
  const message = `the connection broke, and ${name} now differs from what was sent`
  const status: KubeStatus = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: 409,
    reason,
    message,
  }
  return new SeiError(`${asked.what}: 409 ${reason}: ${message}`, {
    class: 'infra',
    code: 'KUBE_REQUEST',
    details: { status, method: asked.method, path: asked.path },
  })
}
