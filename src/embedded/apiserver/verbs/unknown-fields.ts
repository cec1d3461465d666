import type { ApiRequest } from '../http/request.ts'
import type { DecodeOptions } from '../kinds/strategy.ts'
import type { ServedResource } from '../resource.ts'
import { badRequest } from '../status-error.ts'

type Kind = Pick<ServedResource, 'kind' | 'version'>

/** Fields that `fieldValidation` speaks of: refused, warned of or passed over. */
export function reportFields(
  options: DecodeOptions,
  resource: Kind,
  fields: readonly string[],
  what: 'unknown field' | 'duplicate field' = 'unknown field',
): void {
  if (fields.length === 0 || options.fieldValidation === 'Ignore') return
  const texts = fields.map((field) => `${what} "${field}"`)
  if (options.fieldValidation === 'Strict') {
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${texts.join(', ')}`,
    )
  }
  for (const text of texts) options.warnings.add(text)
}

/** {@link reportFields} by the request's own parameter. */
export function reportUnknown(
  request: ApiRequest,
  resource: Kind,
  fields: readonly string[],
  what: 'unknown field' | 'duplicate field',
): void {
  const asked = request.query.get('fieldValidation')
  const fieldValidation = asked === 'Strict' || asked === 'Ignore' ? asked : 'Warn'
  reportFields({ fieldValidation, warnings: request.warnings }, resource, fields, what)
}
