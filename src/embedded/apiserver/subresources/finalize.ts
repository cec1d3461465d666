import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { fieldManagerOf } from '../http/request.ts'
import { trackUpdate } from '../managed-fields/track-update.ts'
import { recordAt } from '../object.ts'
import { conflict } from '../status-error.ts'
import { readObject } from '../verbs/body.ts'
import { isFinished } from '../verbs/update.ts'

/** PUT of a Namespace, of which only `spec.finalizers` is taken; without any, a terminating one is gone. */
export async function serveFinalize(call: ResourceCall): Promise<void> {
  const { request, resource, namespace, name } = call
  if (request.method !== 'PUT') throw refusedMethod(resource, request.method)
  const body = await readObject(request, resource, { namespace, name })
  const live = requireObject(call)
  const { resourceVersion } = body.metadata
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    throw conflict(resource, name)
  }
  const { finalizers } = recordAt(body, 'spec')
  const spec = { ...recordAt(live, 'spec') }
  delete spec['finalizers']
  if (Array.isArray(finalizers) && finalizers.length > 0) spec['finalizers'] = finalizers
  const tracked = trackUpdate({
    before: live,
    after: { ...live, spec },
    manager: fieldManagerOf(request),
    subresource: 'finalize',
    apiVersion: resource.apiVersion,
    schema: resource.mergeSchema,
    now: call.context.now(),
  })
  const object = { ...tracked, metadata: { ...tracked.metadata } }
  const { collection } = resource
  await call.answers.object(200, isFinished(object) ? collection.remove(object) : collection.put(object))
}
