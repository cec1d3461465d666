import { pathOf, type ObjectRef, type ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { isNotFound } from './errors.ts'
import { describeTarget, queryOf } from './objects.ts'
import { covers, foundOtherError } from './settle.ts'
import type { Call, Transport } from './transport.ts'
import type { ApplyOptions, DeleteOptions, KubeClient, PatchOptions, WriteOptions } from './types.ts'

type Writes = Pick<KubeClient, 'create' | 'replace' | 'patch' | 'apply' | 'delete'>

const patchTypes: Readonly<Record<PatchOptions['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

/** Reads an object back, `undefined` when it is not there. */
type ReadBack = (type: ResourceType, ref: ObjectRef) => Promise<KubeObject | undefined>

/** The verbs that change something; how they are repeated is told at `connect`. */
export function createWrites(
  transport: Transport,
  locate: (type: ResourceType, ref: ObjectRef) => ObjectRef,
  readBack: ReadBack,
): Writes {
  const send = async <T>(call: Call): Promise<T> => JSON.parse(await transport.send(call)) as T
  return {
    create: (type, object, options = {}) => {
      const call = createCall(type, locate(type, object.metadata), object, options)
      return send({
        ...call,
        settle: settleCreate(type, locate(type, object.metadata), object, call, readBack),
      })
    },
    replace: (type, object, options = {}) => {
      const place = locate(type, object.metadata)
      const call = objectCall('PUT', 'replace', type, place, object, options)
      return send({
        ...call,
        settle: settleReplace(type, place, object, call, readBack, options.subresource),
      })
    },
    patch: (type, ref, body, options) => {
      const call = objectCall('PATCH', 'patch', type, locate(type, ref), body, options)
      return send({ ...call, contentType: patchTypes[options.type], repeatable: options.type === 'merge' })
    },
    apply: (type, object, options: ApplyOptions) => {
      const place = locate(type, object.metadata)
      const call = objectCall('PATCH', 'apply', type, place, object, options, options.force ?? true)
      return send({ ...call, contentType: 'application/apply-patch+yaml', repeatable: true })
    },
    delete: (type, ref, options = {}) => remove(transport, type, locate(type, ref), options),
  }
}

function createCall(type: ResourceType, place: ObjectRef, object: KubeObject, options: WriteOptions): Call {
  // Only subresources of named objects (eviction, binding) are created under a name.
  const under = options.subresource === undefined ? { namespace: place.namespace } : place
  const name = place.name ?? object.metadata.generateName
  return {
    method: 'POST',
    path:
      pathOf(type, { ...under, subresource: options.subresource }) +
      queryOf({ fieldManager: options.fieldManager }),
    what: `create ${describeTarget(type, { namespace: place.namespace, name })}`,
    body: JSON.stringify(object),
    signal: options.signal,
    repeatable: false,
  }
}

function objectCall(
  method: string,
  verb: string,
  type: ResourceType,
  place: ObjectRef,
  body: unknown,
  options: WriteOptions,
  force?: boolean,
): Call {
  const { subresource, fieldManager, signal } = options
  const suffix = subresource === undefined ? '' : `/${subresource}`
  return {
    method,
    path: pathOf(type, { ...place, subresource }) + queryOf({ fieldManager, force }),
    what: `${verb} ${describeTarget(type, place)}${suffix}`,
    body: JSON.stringify(body),
    signal,
    repeatable: false,
  }
}

type Settle = NonNullable<Call['settle']>

function settleCreate(
  type: ResourceType,
  place: ObjectRef,
  sent: KubeObject,
  call: Call,
  readBack: ReadBack,
): Settle | undefined {
  if (place.name === undefined || place.name === '') return undefined
  return async () => {
    const live = await readBack(type, place)
    if (live === undefined) return undefined
    if (live.metadata.deletionTimestamp === undefined && covers(live, sent)) return JSON.stringify(live)
    throw foundOtherError(call, 'AlreadyExists', place.name)
  }
}

function settleReplace(
  type: ResourceType,
  place: ObjectRef,
  sent: KubeObject,
  call: Call,
  readBack: ReadBack,
  subresource: string | undefined,
): Settle {
  return async () => {
    const { resourceVersion } = sent.metadata
    const live = await readBack(type, place)
    // Without a version a replace overwrites whatever is there: once or twice is the same.
    if (live === undefined || resourceVersion === undefined) return undefined
    if (live.metadata.resourceVersion === resourceVersion) return undefined
    if (covers(live, sent, subresource)) return JSON.stringify(live)
    throw foundOtherError(call, 'Conflict', place.name)
  }
}

async function remove<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  place: ObjectRef,
  options: DeleteOptions,
): Promise<T | undefined> {
  const { uid, propagationPolicy, gracePeriodSeconds, signal } = options
  const preconditions = uid === undefined ? undefined : { uid }
  const body = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions,
    propagationPolicy,
    gracePeriodSeconds,
  }
  try {
    const answer = await transport.send({
      method: 'DELETE',
      path: pathOf(type, place),
      what: `delete ${describeTarget(type, place)}`,
      body: JSON.stringify(body),
      signal,
      repeatable: true,
    })
    const left = JSON.parse(answer) as T
    return isStillThere(left) ? left : undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Servers answer a finished delete with a Status or, for some kinds, with the object as it last was. */
function isStillThere(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata ?? {}
  if (object.kind === 'Status' || deletionTimestamp === undefined) return false
  const held = (object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers ?? []
  return finalizers.length > 0 || deletionGracePeriodSeconds > 0 || held.length > 0
}
