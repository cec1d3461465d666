import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { codecFor } from '../http/codecs.ts'
import { readBody } from '../http/request.ts'
import { recordAt, stringAt } from '../object.ts'
import { deleteObject } from '../verbs/delete.ts'

/** POST of an Eviction: deletes the pod with its grace period. There are no disruption budgets here to refuse it. */
export async function serveEviction(call: ResourceCall): Promise<void> {
  const { context, request, resource } = call
  if (request.method !== 'POST') throw refusedMethod(resource, request.method)
  const codec = codecFor(request.raw.headers['content-type'], true)
  const expected = { apiVersion: 'policy/v1', kind: 'Eviction' }
  const options = recordAt(await codec.decode(await readBody(request), expected), 'deleteOptions')
  const grace = options['gracePeriodSeconds']
  deleteObject(context, resource, requireObject(call), {
    gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
    propagation: undefined,
    uid: stringAt(recordAt(options, 'preconditions'), 'uid'),
    resourceVersion: undefined,
    dryRun: request.query.getAll('dryRun').includes('All'),
    given: {},
  })
  await call.answers.plain(201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  })
}
