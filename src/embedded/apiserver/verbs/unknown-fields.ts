import type { DecodeOptions } from '../kinds/strategy.ts'
import type { ServedResource } from '../resource.ts'
import { decodingError } from './decoding-error.ts'

/** Unknown fields, and whatever else decoding has found: refused, warned of or passed over by `fieldValidation`. */
export function reportFields(
  options: DecodeOptions,
  resource: Pick<ServedResource, 'kind' | 'version'>,
  unknown: readonly string[],
): void {
  const texts = [...options.decoding, ...unknown.map((field) => `unknown field "${field}"`)]
  if (texts.length === 0 || options.fieldValidation === 'Ignore') return
  if (options.fieldValidation === 'Strict') {
    throw decodingError(resource, `strict decoding error: ${texts.join(', ')}`)
  }
  for (const text of texts) options.warnings.add(text)
}
