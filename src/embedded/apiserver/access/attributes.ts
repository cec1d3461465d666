import { isTrue, type ApiRequest } from '../http/request.ts'
import { parseFieldSelector } from '../selectors.ts'
import { StatusError, type StatusDetails } from '../status-error.ts'
import type { User } from './user.ts'

/** What someone wants to do, as rules speak of it. */
export type Attributes = ResourceAttributes | PathAttributes

export interface ResourceAttributes {
  readonly verb: string
  /** Empty for the core group. */
  readonly group: string
  readonly resource: string
  /** Empty for the object itself. */
  readonly subresource: string
  /** Empty for all of them. */
  readonly name: string
  /** Empty at the cluster scope. */
  readonly namespace: string
}

export interface PathAttributes {
  /** The HTTP method, in lower case. */
  readonly verb: string
  readonly path: string
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Taken from method and path alone: whether there is such a resource is not asked. */
export function attributesOf(request: ApiRequest): Attributes {
  const [root, ...rest] = request.segments
  const grouped = root === 'apis'
  if ((root !== 'api' && !grouped) || rest.length < (grouped ? 3 : 2)) {
    return { verb: request.method.toLowerCase(), path: decodePath(request.path) }
  }
  const group = grouped ? (rest[0] ?? '') : ''
  return resourceAttributes(request, group, rest.slice(grouped ? 2 : 1))
}

function decodePath(path: string): string {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path
  } catch {
    return path
  }
}

/** @param parts of the path, after the version */
function resourceAttributes(
  request: ApiRequest,
  group: string,
  parts: readonly string[],
): ResourceAttributes {
  // An old form of the path, which says twice that it is a watch.
  const isWatch = parts[0] === 'watch'
  const [place, inner] = placeOf(isWatch ? parts.slice(1) : parts)
  const [resource = '', name = '', subresource = ''] = inner
  const verb = isWatch ? 'watch' : (verbs[request.method] ?? '')
  const at = { group, resource, subresource, namespace: place }
  if (name !== '') return { ...at, verb, name }
  if (verb === 'delete') return { ...at, verb: 'deletecollection', name }
  return verb === 'get' ? { ...at, ...listAttributes(request) } : { ...at, verb, name }
}

/** The namespace, and what the path says within it. */
function placeOf(parts: readonly string[]): [namespace: string, inner: readonly string[]] {
  if (parts[0] !== 'namespaces' || parts.length < 2) return ['', parts]
  const isOwn = parts.length === 2 || parts[2] === 'status' || parts[2] === 'finalize'
  return [parts[1] ?? '', isOwn ? parts : parts.slice(2)]
}

/** Whoever selects one object by its name is let in by rules for that name. */
function listAttributes(request: ApiRequest): { verb: string; name: string } {
  const verb = isTrue(request, 'watch') ? 'watch' : 'list'
  return { verb, name: selectedName(request.query.get('fieldSelector') ?? '') }
}

function selectedName(selector: string): string {
  if (!selector.includes('metadata.name')) return ''
  try {
    const term = parseFieldSelector(selector).find(({ field, equal }) => field === 'metadata.name' && equal)
    return term === undefined || !/^(?!\.{1,2}$)[^/%]+$/.test(term.value) ? '' : term.value
  } catch {
    return ''
  }
}

/** 403 with the text of a real server. `reason` is what the authorizer has to say, or empty. */
export function forbiddenAttributes(user: User, attributes: Attributes, reason: string): StatusError {
  const denied = escapeHtml(deniedText(user, attributes))
  const why = reason === '' ? denied : `${denied}: ${reason}`
  if ('path' in attributes) return new StatusError(403, 'Forbidden', `forbidden: ${why}`, {})
  const { group, resource, name } = attributes
  const qualified = group === '' ? resource : `${resource}.${group}`
  const subject = name === '' ? qualified : `${qualified} ${JSON.stringify(name)}`
  const details: StatusDetails = {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  }
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${why}`, details)
}

function deniedText({ username }: User, attributes: Attributes): string {
  const who = `User ${JSON.stringify(username)} cannot ${attributes.verb}`
  if ('path' in attributes) return `${who} path ${JSON.stringify(attributes.path)}`
  const { resource, subresource, group, namespace } = attributes
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
