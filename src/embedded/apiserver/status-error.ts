import { fieldErrorBody, fieldErrorText, type FieldError } from './field-error.ts'
import { qualifiedKind, qualifiedPlural, type ServedResource } from './resource.ts'

export type { FieldError } from './field-error.ts'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  /** The plural resource for NotFound, AlreadyExists, Conflict and Forbidden, but the Kind for Invalid. */
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** A metav1.Status as it goes over the wire. */
export interface StatusBody {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { continue?: string }
  status: 'Failure' | 'Success'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

type Named = Pick<ServedResource, 'group' | 'plural'>

/** A refusal with the Status body that the client gets. */
export class StatusError extends Error {
  override readonly name: string = 'StatusError'
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined
  /** Fresh `metadata.continue` of an expired list. */
  readonly continueToken: string | undefined

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails | undefined,
    continueToken?: string,
  ) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
    this.continueToken = continueToken
  }

  toBody(): StatusBody {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

/** `details` that name an object by its plural resource; the core group is left out. */
export function detailsOf(resource: Named, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  }
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized')
}

export function forbidden(
  resource: Named,
  name: string,
  why: string,
  causes?: StatusCause[] | undefined,
): StatusError {
  const subject = name === '' ? qualifiedPlural(resource) : `${qualifiedPlural(resource)} "${name}"`
  const details = detailsOf(resource, name)
  if (causes !== undefined) details.causes = causes
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${why}`, details)
}

export function notFound(resource: Named, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${qualifiedPlural(resource)} "${name}" not found`,
    detailsOf(resource, name),
  )
}

export function methodNotAllowed(resource: Named, action: string): StatusError {
  const details = detailsOf(resource, '')
  const message = `${action} is not supported on resources of kind "${qualifiedPlural(resource)}"`
  return new StatusError(405, 'MethodNotAllowed', message, details)
}

export function alreadyExists(resource: Named, name: string, beingDeleted = false): StatusError {
  const prefix = beingDeleted ? 'object is being deleted: ' : ''
  const message = `${prefix}${qualifiedPlural(resource)} "${name}" already exists`
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name))
}

const staleWrite =
  'the object has been modified; please apply your changes to the latest version and try again'

/** @param why defaults to the sentence for a stale resourceVersion */
export function conflict(resource: Named, name: string, why: string = staleWrite): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedPlural(resource)} "${name}": ${why}`
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name))
}

export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, 'Expired', message, undefined, continueToken)
}

/** 422 for the fields of one object; `name` may be empty. */
export function invalid(
  type: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const texts = [...new Set(errors.map(fieldErrorText))]
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const details: StatusDetails = {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    ...(type.kind === '' ? {} : { kind: type.kind }),
    causes: errors.map((error) => ({
      reason: error.type,
      message: fieldErrorBody(error),
      field: error.field,
    })),
  }
  return new StatusError(422, 'Invalid', `${qualifiedKind(type)} "${name}" is invalid: ${list}`, details)
}

/** 422 without field, e.g. a JSON patch that does not apply. */
export function unprocessable(
  message = 'the server rejected our request due to an error in our request',
): StatusError {
  return new StatusError(422, 'Invalid', message, {})
}

export function requestTooLarge(message: string): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', message)
}

export function notAcceptable(types: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${types.join(', ')}`
  return new StatusError(406, 'NotAcceptable', message)
}

export function unsupportedMediaType(types: readonly string[]): StatusError {
  const accepted = types.join(', ')
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
  return new StatusError(415, 'UnsupportedMediaType', message)
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  })
}
