import type { ObjectMeta } from '../../../contract/objects.ts'
import { invalidValue } from '../field-error.ts'
import { codecFor, decodeJson, mediaTypeOf } from '../http/codecs.ts'
import { readBody } from '../http/request.ts'
import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { isRecord, keyFor, recordAt, type ApiObject } from '../object.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import type { ScalePaths } from '../resource-type.ts'
import { conflict, invalid, notFound, unsupportedMediaType } from '../status-error.ts'
import { ageSince } from '../tables/age.ts'
import { ageColumn, column, nameColumn, type TableView } from '../tables/table-view.ts'
import { fromLatest } from '../verbs/replace.ts'
import { Overtaken, updateObject } from '../verbs/update.ts'
import { writeRequest, type WriteRequest } from '../verbs/write-request.ts'

const scaleTable: TableView = {
  columns: [
    nameColumn,
    { ...column('Desired', 'Replicas that are wanted.'), type: 'integer' },
    { ...column('Available', 'Replicas that there are.'), type: 'integer' },
    ageColumn,
  ],
  row: (scale, now) => [
    scale.metadata.name,
    recordAt(scale, 'spec')['replicas'],
    recordAt(scale, 'status')['replicas'],
    ageSince(scale.metadata.creationTimestamp, now),
  ],
}

const scaleType = { group: 'autoscaling', kind: 'Scale' } as const
const mergeable = ['application/merge-patch+json', 'application/strategic-merge-patch+json']

/** GET, PUT and PATCH of the `autoscaling/v1` Scale of an object. */
export async function serveScale(call: ResourceCall): Promise<void> {
  const { context, request, resource } = call
  const paths = resource.scale
  if (paths === undefined) throw notFound(resource, call.name)
  if (request.method === 'GET') {
    await call.answers.viewed(200, scaleOf(requireObject(call), paths), scaleTable)
    return
  }
  const wanted = await wantedScale(call, paths)
  const write = writeRequest(request, { subresource: 'scale' })
  const updated = await fromLatest(async () => {
    const live = requireObject(call)
    const scale = await admitted(call, paths, wanted, live, write)
    const replicas = checkedReplicas(scale, call.name)
    const { resourceVersion } = recordAt(wanted, 'metadata')
    if (
      resourceVersion !== undefined &&
      resourceVersion !== '' &&
      resourceVersion !== live.metadata.resourceVersion
    ) {
      throw conflict(resource, call.name)
    }
    const body = withValue(live, pathParts(paths.specReplicas), replicas) as ApiObject
    return updateObject(context, resource, live, body, write)
  })
  await call.answers.plain(200, scaleOf(updated, paths))
}

/** The Scale that webhooks make of the wanted one, once none of them refuses it. */
async function admitted(
  { context, resource, namespace = '', name }: ResourceCall,
  paths: ScalePaths,
  wanted: unknown,
  live: ApiObject,
  { user, dryRun, warnings, options }: WriteRequest,
): Promise<unknown> {
  const kind = { ...scaleType, version: 'v1' }
  const about = { operation: 'UPDATE', resource, subresource: 'scale', kind, namespace, name } as const
  const admitting = context.admission.begin({ ...about, user, dryRun, warnings, options })
  if (admitting === undefined) return wanted
  const stored = resource.collection.get(keyFor(namespace, name))
  const old = scaleOf(live, paths)
  const scale = { ...old, spec: recordAt(wanted, 'spec') }
  const made = await admitting.mutate(scale, old, (object) => object)
  await admitting.validate(made, old)
  if (resource.collection.get(keyFor(namespace, name)) !== stored) throw new Overtaken()
  return made
}

async function wantedScale(call: ResourceCall, paths: ScalePaths): Promise<unknown> {
  const { request, resource } = call
  if (request.method === 'PUT') {
    // A Scale is no custom resource, whatever is scaled.
    const codec = codecFor(request.raw.headers['content-type'], true)
    return codec.decode(await readBody(request), { apiVersion: 'autoscaling/v1', kind: 'Scale' })
  }
  if (request.method !== 'PATCH') throw refusedMethod(resource, request.method)
  if (!mergeable.includes(mediaTypeOf(request.raw.headers['content-type'])))
    throw unsupportedMediaType(mergeable)
  const patch = decodeJson(await readBody(request))
  return applyMergePatch(scaleOf(requireObject(call), paths), patch)
}

function checkedReplicas(scale: unknown, name: string): number {
  const replicas = recordAt(scale, 'spec')['replicas'] ?? 0
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return replicas
  const detail = 'must be greater than or equal to 0'
  throw invalid(scaleType, name, [invalidValue('spec.replicas', replicas, detail)])
}

function scaleOf(object: ApiObject, paths: ScalePaths): ApiObject {
  const selector =
    paths.labelSelector === undefined ? undefined : selectorText(valueAt(object, paths.labelSelector))
  const replicas = valueAt(object, paths.specReplicas)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: identityOf(object.metadata),
    // Go leaves it out where it is zero.
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status: { replicas: valueAt(object, paths.statusReplicas) ?? 0, ...(selector && { selector }) },
  }
}

function identityOf(metadata: ObjectMeta): ObjectMeta {
  const kept = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'] as const
  const entries = kept.filter((key) => metadata[key] !== undefined).map((key) => [key, metadata[key]])
  return { name: metadata.name, ...Object.fromEntries(entries) }
}

/** A label selector as text; a custom resource already holds it so. */
function selectorText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const labels = Object.entries(recordAt(value, 'matchLabels'))
  return labels.map(([key, label]) => `${key}=${String(label)}`).join(',')
}

function pathParts(path: string): string[] {
  return path.split('.').filter((part) => part !== '')
}

function valueAt(object: unknown, path: string): unknown {
  return pathParts(path).reduce((value, part) => (isRecord(value) ? value[part] : undefined), object)
}

function withValue(object: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined) return value
  const record = isRecord(object) ? object : {}
  return { ...record, [head]: withValue(record[head], rest, value) }
}
