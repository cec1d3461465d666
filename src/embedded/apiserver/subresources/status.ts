import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { readObject } from '../verbs/body.ts'
import { patchObject } from '../verbs/patch.ts'
import { replaceObject } from '../verbs/replace.ts'
import { writeRequest } from '../verbs/write-request.ts'

/** GET, PUT and PATCH of the whole object, of which only the status is taken. */
export async function serveStatus(call: ResourceCall): Promise<void> {
  const { request, resource, namespace, name } = call
  switch (request.method) {
    case 'GET':
      await call.answers.object(200, requireObject(call))
      return
    case 'PATCH':
      await patchObject(call, 'status')
      return
    case 'PUT': {
      const body = await readObject(request, resource, { namespace, name })
      requireObject(call)
      const write = writeRequest(request, { subresource: 'status' })
      await call.answers.object(200, await replaceObject(call, body, write))
      return
    }
    default:
      throw refusedMethod(resource, request.method)
  }
}
