import { pathOf, pods, type ObjectRef } from '../contract/kinds.ts'
import { describeTarget, queryOf } from './objects.ts'
import type { Transport } from './transport.ts'
import type { LogOptions } from './types.ts'

/**
 * A container's log as text, of the running instance or, with `previous`, of the one before it. Throws KUBE_REQUEST with
 * 400 when the pod has several containers and none is named, or no such instance.
 */
export function readLogs(transport: Transport, ref: ObjectRef, options: LogOptions): Promise<string> {
  const { signal, ...query } = options
  return transport.send({
    method: 'GET',
    path: pathOf(pods, { ...ref, subresource: 'log' }) + queryOf({ ...query }),
    what: `read the log of ${describeTarget(pods, ref)}`,
    // kubelets answer text/plain; a refusal by the API server comes as a Status either way.
    accept: 'text/plain, application/json, */*',
    signal,
    repeatable: true,
  })
}
