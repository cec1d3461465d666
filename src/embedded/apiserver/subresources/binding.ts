import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { codecFor } from '../http/codecs.ts'
import { readBody } from '../http/request.ts'
import { listAt, recordAt, stringAt, timestamp, isRecord } from '../object.ts'
import { conflict, StatusError } from '../status-error.ts'

/** POST of a Binding: puts a pod on a node, once. */
export async function serveBinding(call: ResourceCall): Promise<void> {
  const { context, request, resource, name } = call
  if (request.method !== 'POST') throw refusedMethod(resource, request.method)
  const codec = codecFor(request.raw.headers['content-type'], true)
  const body = await codec.decode(await readBody(request), { apiVersion: 'v1', kind: 'Binding' })
  const node = stringAt(recordAt(body, 'target'), 'name')
  if (node === undefined || node === '') {
    throw new StatusError(500, '', 'target.name: Required value')
  }
  const pod = requireObject(call)
  const spec = recordAt(pod, 'spec')
  const bound = stringAt(spec, 'nodeName') ?? ''
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(
      { group: '', plural: 'pods/binding' },
      name,
      `pod ${name} is being deleted, cannot be assigned to a host`,
    )
  }
  if (bound !== '') {
    throw conflict(
      { group: '', plural: 'pods/binding' },
      name,
      `pod ${name} is already assigned to node "${bound}"`,
    )
  }
  const status = recordAt(pod, 'status')
  const others = listAt(status, 'conditions').filter(
    (condition) => !isRecord(condition) || condition['type'] !== 'PodScheduled',
  )
  const lastTransitionTime = timestamp(context.now())
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime }
  resource.collection.put({
    ...pod,
    metadata: { ...pod.metadata },
    spec: { ...spec, nodeName: node },
    status: { ...status, conditions: [...others, scheduled] },
  })
  await call.answers.plain(201, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 201,
  })
}
