import { setTimeout as sleep } from 'node:timers/promises'

import type { ServerContext } from '../context.ts'
import { keyOf, type ApiObject } from '../object.ts'
import { viewOf, type Resource } from '../resource-type.ts'
import { badRequest, expired, StatusError } from '../status-error.ts'
import { badRevision, parseRevision, type ListOptions, type Matcher } from './list-options.ts'

export interface ListMetadata {
  resourceVersion: string
  continue?: string
  remainingItemCount?: number
}

export interface ListPage {
  readonly metadata: ListMetadata
  readonly items: readonly ApiObject[]
}

interface ContinueToken {
  /** Revision all pages are read at; -1: the latest, after the first page's one was compacted. */
  readonly revision: number
  readonly start: string
}

/**
 * One page of a collection.
 * @throws StatusError 410 when the snapshot is forgotten, 504 when `resourceVersion` is in the future, 400 for bad tokens
 */
export async function listObjects(
  context: ServerContext,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
): Promise<ListPage> {
  if (options.continueToken !== '') return continued(context, resource, namespace, options)
  const revision = await revisionOf(context, options)
  const { collection } = resource
  const exact = options.match === 'Exact' ? collection.listAt(revision) : collection.list()
  if (exact === undefined) throw expired('The resourceVersion for the provided list is too old.')
  // Real servers answer "any version" from a cache that knows no pages.
  const limit = options.resourceVersion === '0' ? 0 : options.limit
  const at = options.match === 'Exact' ? revision : context.store.revision
  return page(resource, select(resource, exact, namespace, options.matches), at, { ...options, limit })
}

async function revisionOf(context: ServerContext, options: ListOptions): Promise<number> {
  if (options.resourceVersion === '' || options.resourceVersion === '0') return context.store.revision
  const wanted = parseRevision(options.resourceVersion)
  if (wanted === undefined) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(options.resourceVersion)}: ${badRevision(options.resourceVersion)}`,
    )
  }
  if (wanted <= context.store.revision) return wanted
  // A real server waits about three seconds for its cache to catch up.
  await sleep(3000, undefined, { ref: false })
  const current = context.store.revision
  if (wanted <= current) return wanted
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`
  throw new StatusError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}

function continued(
  context: ServerContext,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
): ListPage {
  if (options.resourceVersion !== '' && options.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  const token = decodeToken(options.continueToken)
  const { collection } = resource
  const revision = token.revision < 0 ? context.store.revision : token.revision
  const snapshot = collection.listAt(revision)
  if (snapshot === undefined) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      encodeToken({ revision: -1, start: token.start }),
    )
  }
  const rest = select(resource, snapshot, namespace, options.matches).filter(
    (object) => keyOf(object) >= token.start,
  )
  return page(resource, rest, revision, options)
}

function select(
  resource: Resource,
  objects: readonly ApiObject[],
  namespace: string | undefined,
  matches: Matcher | undefined,
): ApiObject[] {
  if (namespace === undefined && matches === undefined) return [...objects]
  return objects.filter(
    (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (matches === undefined || matches(viewOf(resource, object))),
  )
}

function page(
  resource: Resource,
  objects: readonly ApiObject[],
  revision: number,
  options: ListOptions,
): ListPage {
  const metadata: ListMetadata = { resourceVersion: String(revision) }
  const isPaged = options.limit > 0 && objects.length > options.limit
  const shown = isPaged ? objects.slice(0, options.limit) : objects
  const last = shown.at(-1)
  if (isPaged && last !== undefined) {
    metadata.continue = encodeToken({ revision, start: `${keyOf(last)}\u0000` })
    if (options.matches === undefined) metadata.remainingItemCount = objects.length - shown.length
  }
  const items = resource.fromStored === undefined ? shown : shown.map((object) => viewOf(resource, object))
  return { metadata, items }
}

function encodeToken({ revision, start }: ContinueToken): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })
  return Buffer.from(text).toString('base64url')
}

function decodeToken(text: string): ContinueToken {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    const { rv, start } = value as { rv: unknown; start: unknown }
    if (typeof rv === 'number' && typeof start === 'string') return { revision: rv, start }
  } catch {
    // Reported below, like a token of another shape.
  }
  throw badRequest('invalid continue token: continue key is not valid: illegal base64 or wrong content')
}
