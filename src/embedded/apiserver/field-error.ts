import { toJson } from './json.ts'

/** The cause reasons a Kubernetes API server uses for fields. */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueNotFound'
  | 'InternalError'

/** One thing wrong with one field of an object. */
export interface FieldError {
  readonly type: FieldErrorType
  /** Path without leading dot: `spec.list[0].name`, `metadata.labels`; `<nil>` for the whole object. */
  readonly field: string
  /** The offending value as JSON; left out of the text when `undefined`, printed as `null` when null. */
  readonly badValue?: unknown
  /** Text after the value. */
  readonly detail: string
}

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueNotFound: 'Not found',
  InternalError: 'Internal error',
}

const valueless: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'InternalError',
])

/** The text of a field error without its path, as `causes[].message` carries it. */
export function fieldErrorBody(error: FieldError): string {
  const title = titles[error.type]
  const omitted = valueless.has(error.type) || error.badValue === undefined
  const head = omitted ? title : `${title}: ${toJson(error.badValue)}`
  return error.detail === '' ? head : `${head}: ${error.detail}`
}

export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${fieldErrorBody(error)}`
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail }
}

export function invalidValue(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, badValue, detail }
}

export function forbiddenField(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail }
}

export function notSupported(field: string, badValue: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((value) => JSON.stringify(value)).join(', ')
  return { type: 'FieldValueNotSupported', field, badValue, detail: `supported values: ${values}` }
}
