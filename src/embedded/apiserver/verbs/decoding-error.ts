import { invalidValue } from '../field-error.ts'
import { toJson } from '../json.ts'
import { isRecord } from '../object.ts'
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
    throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', toJson(inGoOrder(patched)), error.why)])
  }
}

/** First the fields of metadata in the order of Go's struct. */
const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
]

/** A patched object as Go writes it: what went through a map comes by key, metadata as its type has it. */
function inGoOrder(patched: unknown): unknown {
  if (!isRecord(patched)) return patched
  const entries = Object.entries(patched).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const { metadata } = patched
  if (!isRecord(metadata)) return Object.fromEntries(entries)
  const first = metadataOrder.filter((key) => key in metadata).map((key) => [key, metadata[key]] as const)
  return { ...Object.fromEntries(entries), metadata: { ...Object.fromEntries(first), ...metadata } }
}
