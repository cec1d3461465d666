import type { ServerContext } from '../context.ts'
import { keyFor, keyOf, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { notFound } from '../status-error.ts'
import { subresources } from '../subresources/table.ts'
import { readObject } from '../verbs/body.ts'
import { createObject } from '../verbs/create.ts'
import { admitDeletion, deletedStatus } from '../verbs/delete.ts'
import { readDeleteOptions } from '../verbs/delete-options.ts'
import { parseListOptions } from '../verbs/list-options.ts'
import { listObjects } from '../verbs/list.ts'
import { patchObject } from '../verbs/patch.ts'
import { replaceObject } from '../verbs/replace.ts'
import { writeRequest } from '../verbs/write-request.ts'
import { startWatch } from '../watch.ts'
import { Answers } from './answers.ts'
import { namelessMethod, refusedMethod, unknownSubresource } from './refusals.ts'
import { precheck, requireObject, type ResourceCall } from './resource-call.ts'
import type { ApiRequest } from './request.ts'
import type { ResourceRoute, Verb } from './router.ts'

const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

type Handler = (call: ResourceCall) => Promise<void> | void

const handlers: Readonly<Record<Exclude<Verb, 'NONE'>, Handler>> = {
  GET: (call) => call.answers.object(200, requireObject(call)),
  LIST: list,
  WATCH: watch,
  POST: create,
  PUT: replace,
  PATCH: patchObject,
  APPLY: patchObject,
  DELETE: remove,
  DELETECOLLECTION: removeCollection,
}

/** Serves a routed request. Throws StatusError for every refusal. */
export async function handleResource(
  context: ServerContext,
  request: ApiRequest,
  route: ResourceRoute,
): Promise<void> {
  const { resource, namespace, name = '', subresource, verb } = route
  const call = {
    context,
    request,
    resource,
    namespace,
    name,
    answers: new Answers(context, request, resource),
  }
  if (resource.deprecation !== undefined) request.warnings.add(resource.deprecation)
  if (subresource !== undefined) {
    const serve = resource.subresources.includes(subresource) ? subresources[subresource] : undefined
    if (serve === undefined) throw unknownSubresource(resource, name)
    await serve(call)
    return
  }
  if (verb === 'NONE') throw namelessMethod(resource, request.method)
  if (verb === 'POST' && name !== '') throw refusedMethod(resource, request.method)
  // The only verb that some resources lack.
  if (verb === 'DELETECOLLECTION' && !resource.verbs.includes('deletecollection'))
    throw refusedMethod(resource, request.method)
  await handlers[verb](call)
}

async function list(call: ResourceCall): Promise<void> {
  const { context, request, resource, namespace } = call
  const options = parseListOptions(request, resource, false)
  await call.answers.list(await listObjects(context, resource, namespace, options))
}

function watch(call: ResourceCall): void {
  const { context, request, resource, namespace } = call
  const options = parseListOptions(request, resource, true)
  const encode = call.answers.eventEncoder()
  startWatch(context, { resource, namespace, options, response: request.response, encode })
}

async function create(call: ResourceCall): Promise<void> {
  const { context, request, resource, namespace } = call
  const body = await readObject(request, resource, { namespace })
  await precheck(resource, body, call)
  await call.answers.object(201, await createObject(context, resource, body, writeRequest(request)))
}

async function replace(call: ResourceCall): Promise<void> {
  const { context, request, resource, namespace, name } = call
  const body = await readObject(request, resource, { namespace, name })
  await precheck(resource, body, call)
  const write = writeRequest(request)
  const live = resource.collection.get(keyFor(namespace, name))
  if (live === undefined) {
    if (!resource.strategy.createOnUpdate) throw notFound(resource, name)
    context.access.requireCreate(request.user, resource, namespace, name)
    delete body.metadata.resourceVersion
    await call.answers.object(201, await createObject(context, resource, body, write))
    return
  }
  await call.answers.object(200, await replaceObject(call, body, write))
}

async function remove(call: ResourceCall): Promise<void> {
  const { context, request, resource } = call
  const options = await readDeleteOptions(request)
  if (resource.strategy.orphansByDefault && options.propagation === undefined) {
    request.warnings.add(orphanWarning)
  }
  const find = stillThere(resource, keyFor(call.namespace, call.name))
  const deletion = await admitDeletion(context, resource, find, options, request)
  if (deletion === undefined) throw notFound(resource, call.name)
  if (!deletion.removed || resource.strategy.deleteAnswersObject) {
    await call.answers.object(200, deletion.object)
  } else {
    await call.answers.plain(200, deletedStatus(resource, deletion.object))
  }
}

/** Looks for an object, as its resource shows it. */
function stillThere(resource: Resource, key: string): () => ApiObject | undefined {
  return () => {
    const found = resource.collection.get(key)
    return found && viewOf(resource, found)
  }
}

async function removeCollection(call: ResourceCall): Promise<void> {
  const { context, request, resource, namespace } = call
  const options = parseListOptions(request, resource, false)
  const deletion = await readDeleteOptions(request)
  const page = await listObjects(context, resource, namespace, options)
  const items: ApiObject[] = []
  for (const object of page.items) {
    const deleter = { ...request, isCollection: true }
    const find = stillThere(resource, keyOf(object))
    const deleted = await admitDeletion(context, resource, find, deletion, deleter)
    if (deleted !== undefined) items.push(deleted.object)
  }
  const metadata = { resourceVersion: String(context.store.revision) }
  await call.answers.list({ metadata, items })
}
