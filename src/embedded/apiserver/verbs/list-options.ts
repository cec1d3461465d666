import { forbiddenField, notSupported, type FieldError } from '../field-error.ts'
import { isTrue, type ApiRequest } from '../http/request.ts'
import type { Resource } from '../resource-type.ts'
import type { ApiObject } from '../object.ts'
import { parseFieldSelector, parseLabelSelector, type FieldTerm } from '../selectors.ts'
import { badRequest, invalid } from '../status-error.ts'

/** Which objects a list, watch or deletecollection speaks of. */
export type Matcher = (object: ApiObject) => boolean

export interface ListOptions {
  readonly resourceVersion: string
  readonly match: '' | 'Exact' | 'NotOlderThan'
  readonly sendInitialEvents: boolean | undefined
  readonly allowBookmarks: boolean
  /** Milliseconds after which a watch is closed; `undefined`: the server's choice. */
  readonly timeoutMs: number | undefined
  readonly limit: number
  readonly continueToken: string
  /** `undefined` without any selector. */
  readonly matches: Matcher | undefined
}

/** @throws StatusError 400 for bad selectors and numbers, 422 for options that do not go together */
export function parseListOptions(request: ApiRequest, resource: Resource, watching: boolean): ListOptions {
  const { query } = request
  const initial = query.get('sendInitialEvents')
  const timeoutSeconds = wholeNumber(query.get('timeoutSeconds') ?? '0')
  const options: ListOptions = {
    resourceVersion: query.get('resourceVersion') ?? '',
    match: (query.get('resourceVersionMatch') ?? '') as ListOptions['match'],
    sendInitialEvents: initial === null ? undefined : isTrue(request, 'sendInitialEvents'),
    allowBookmarks: isTrue(request, 'allowWatchBookmarks'),
    timeoutMs: timeoutSeconds === 0 ? undefined : Math.max(0, timeoutSeconds * 1000),
    limit: wholeNumber(query.get('limit') ?? '0'),
    continueToken: query.get('continue') ?? '',
    matches: selectorOf(query, resource),
  }
  const errors = watching ? watchErrors(options) : listErrors(options)
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors)
  return options
}

/** @throws StatusError 400 for what is no integer */
export function wholeNumber(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
}

const notOlder = 'NotOlderThan'

function watchErrors({ match, sendInitialEvents, continueToken }: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== notOlder) {
    const detail = `sendInitialEvents requires setting resourceVersionMatch to ${notOlder}`
    errors.push(forbiddenField('resourceVersionMatch', detail))
  }
  if (match === '') return errors
  if (sendInitialEvents === undefined) {
    const detail = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'
    errors.push(forbiddenField('resourceVersionMatch', detail))
  }
  if (match !== notOlder) errors.push(notSupported('resourceVersionMatch', match, [notOlder]))
  if (continueToken !== '') errors.push(continued())
  return errors
}

function listErrors({ match, resourceVersion, sendInitialEvents, continueToken }: ListOptions): FieldError[] {
  const errors: FieldError[] = []
  if (match !== '' && resourceVersion === '') {
    const detail = 'resourceVersionMatch is forbidden unless resourceVersion is provided'
    errors.push(forbiddenField('resourceVersionMatch', detail))
  }
  if (match !== '' && continueToken !== '') errors.push(continued())
  if (match !== '' && match !== 'Exact' && match !== notOlder) {
    errors.push(notSupported('resourceVersionMatch', match, ['Exact', notOlder, '']))
  }
  if (match === 'Exact' && resourceVersion === '0') {
    const detail = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'
    errors.push(forbiddenField('resourceVersionMatch', detail))
  }
  if (sendInitialEvents !== undefined) {
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return errors
}

function continued(): FieldError {
  return forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')
}

function selectorOf(query: URLSearchParams, resource: Resource): Matcher | undefined {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '')
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '').map((term) =>
    fieldMatcher(term, resource),
  )
  if (labels === undefined && fields.length === 0) return undefined
  return (object) =>
    (labels === undefined || labels(object.metadata.labels ?? {})) &&
    fields.every((matches) => matches(object))
}

function fieldMatcher(term: FieldTerm, resource: Resource): Matcher {
  const read = fieldReader(term.field, resource)
  return (object) => (read(object) === term.value) === term.equal
}

function fieldReader(field: string, resource: Resource): (object: ApiObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name
  if (field === 'metadata.namespace') return (object) => object.metadata.namespace ?? ''
  const read = resource.strategy.selectable[field]
  if (read === undefined) throw badRequest(resource.strategy.unknownSelector(field))
  return read
}

/** A resourceVersion parameter as a number, or `undefined` for anything else. */
export function parseRevision(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** Why a resourceVersion parameter is none, as the parser of a real server puts it. */
export function badRevision(text: string): string {
  return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`
}
