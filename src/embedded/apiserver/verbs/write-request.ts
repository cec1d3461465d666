import { loopback, type User } from '../access/user.ts'
import { invalidValue, notSupported, required } from '../field-error.ts'
import type { DecodeOptions } from '../kinds/strategy.ts'
import { fieldManagerOf, isDryRun, type ApiRequest } from '../http/request.ts'
import type { FieldValidation } from '../kinds/strategy.ts'
import type { JsonObject } from '../resource.ts'
import { invalid } from '../status-error.ts'

/** How one write is to be done. */
export interface WriteRequest extends DecodeOptions {
  /** Who writes. */
  readonly user: User
  readonly manager: string
  /** Empty for the object itself. */
  readonly subresource: string
  readonly dryRun: boolean
  /** Server-side apply, which has worked out managed fields already. */
  readonly applied: boolean
  /** CreateOptions or UpdateOptions, as webhooks see them; a patch comes as one of these. */
  readonly options: JsonObject
}

const validations: readonly string[] = ['Ignore', 'Strict', 'Warn']

/** @throws StatusError 422 for options that no write may carry */
export function writeRequest(
  request: ApiRequest,
  options: { subresource?: string | undefined; applied?: boolean } = {},
): WriteRequest {
  const optionsKind = { POST: 'CreateOptions', PATCH: 'PatchOptions' }[request.method] ?? 'UpdateOptions'
  checkOptions(request, optionsKind, options.applied === true)
  return {
    user: request.user,
    manager: fieldManagerOf(request),
    subresource: options.subresource ?? '',
    dryRun: isDryRun(request),
    fieldValidation: (request.query.get('fieldValidation') || 'Warn') as FieldValidation,
    warnings: request.warnings,
    decoding: request.decoding,
    applied: options.applied ?? false,
    options: optionsOf(request, request.method === 'POST' ? 'CreateOptions' : 'UpdateOptions'),
  }
}

/** A write of the server's own accord. */
export function ownWrite(manager: string): WriteRequest {
  return {
    user: loopback,
    manager,
    subresource: '',
    dryRun: false,
    fieldValidation: 'Ignore',
    warnings: new Set(),
    decoding: new Set(),
    applied: false,
    options: {},
  }
}

function optionsOf({ query }: ApiRequest, kind: string): JsonObject {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '')
  const given = (field: string): JsonObject => {
    const value = query.get(field) ?? ''
    return value === '' ? {} : { [field]: value }
  }
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun.length === 0 ? {} : { dryRun }),
    ...given('fieldManager'),
    ...given('fieldValidation'),
  }
}

function checkOptions(request: ApiRequest, kind: string, applied: boolean): void {
  const type = { group: 'meta.k8s.io', kind }
  const validation = request.query.get('fieldValidation')
  if (validation !== null && validation !== '' && !validations.includes(validation)) {
    throw invalid(type, '', [notSupported('fieldValidation', validation, ['', ...validations])])
  }
  const dryRun = request.query.getAll('dryRun').filter((value) => value !== '')
  if (dryRun.some((value) => value !== 'All')) {
    throw invalid(type, '', [notSupported('dryRun', dryRun, ['All'])])
  }
  const manager = request.query.get('fieldManager') ?? ''
  if (manager.length > 128) {
    const detail = 'may not be more than 128 bytes'
    throw invalid(type, '', [{ type: 'FieldValueTooLong', field: 'fieldManager', detail }])
  }
  if (!/^\P{Cc}*$/u.test(manager)) {
    throw invalid(type, '', [
      invalidValue('fieldManager', manager, 'should only contain printable characters'),
    ])
  }
  if (request.method !== 'PATCH') return
  if (applied && manager === '') {
    throw invalid(type, '', [required('fieldManager', 'is required for apply patch')])
  }
  if (!applied && request.query.get('force') !== null) {
    const detail = 'may not be specified for non-apply patch'
    throw invalid(type, '', [{ type: 'FieldValueForbidden', field: 'force', detail }])
  }
}
