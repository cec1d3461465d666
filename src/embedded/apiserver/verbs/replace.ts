import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import type { ApiObject } from '../object.ts'
import { Overtaken, requireRevision, updateObject } from './update.ts'
import type { WriteRequest } from './write-request.ts'

/** PUT of an object that is there. Throws StatusError. */
export function replaceObject(call: ResourceCall, body: ApiObject, write: WriteRequest): Promise<ApiObject> {
  const { context, resource } = call
  requireRevision(resource, body)
  return fromLatest(() => updateObject(context, resource, requireObject(call), body, write))
}

/** Does a write again for as long as others get in between while its webhooks are asked. */
export async function fromLatest<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
}
