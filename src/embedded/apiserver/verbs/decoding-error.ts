import { invalidValue } from '../field-error.ts'
import { toJson } from '../json.ts'
import type { ServedResource } from '../resource.ts'
import { invalid, StatusError } from '../status-error.ts'

/** 400 for a body that is no object of its kind. */
export class DecodingError extends StatusError {
  /** What is wrong, without the sentence around it. */
  readonly why: string

  constructor(
    resource: Pick<ServedResource, 'kind' | 'version'>,
    why: string,
    given: string = resource.kind,
  ) {
    super(
      400,
      'BadRequest',
      `${given} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${why}`,
    )
    this.why = why
  }
}

export function decodingError(
  resource: Pick<ServedResource, 'kind' | 'version'>,
  why: string,
  given?: string,
): DecodingError {
  return new DecodingError(resource, why, given)
}

/** Runs `decode` on what a patch made. What would be a bad request in a whole body is an invalid patch here: 422. */
export function decodingPatch<T>(patched: unknown, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof DecodingError)) throw error
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', toJson(patched), error.why)])
  }
}
