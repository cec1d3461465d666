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

interface Patched {
  readonly made: unknown
  /** The patch itself where it was a strategic one: it goes through Go's converter, which speaks of it otherwise. */
  readonly strategic: unknown
}

const mismatch = /^json: cannot unmarshal (number|string|bool) into Go struct field \S+ of type (\w+)$/
const goNames: Readonly<Record<string, string>> = { number: 'int64' }

/** A value as Go prints it. */
function goText(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isRecord(value)) return String(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, child]) => `${key}:${goText(child)}`).join(' ')}]`
}

/** Runs `decode` on what a patch made. What would be a bad request in a whole body is an invalid patch here: 422. */
export function readPatched<T>(patched: Patched, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    throw invalidPatch(patched, error)
  }
}

/** Like {@link readPatched}, of a write. */
export async function decodingPatch<T>(patched: Patched, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw invalidPatch(patched, error)
  }
}

function invalidPatch(patched: Patched, error: unknown): unknown {
  if (!(error instanceof DecodingError)) return error
  const { made, strategic } = patched
  const [shown, why] =
    strategic === undefined
      ? [toJson(inGoOrder(made)), error.why]
      : [
          goText(strategic),
          error.why.replace(
            mismatch,
            (_, given, type) => `cannot convert ${goNames[given] ?? given} to ${type}`,
          ),
        ]
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, why)])
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
  const { metadata, ...rest } = patched
  const sorted = byKey({ ...rest, metadata: {} }) as Record<string, unknown>
  if (!isRecord(metadata)) return byKey(patched)
  const first = metadataOrder.filter((key) => key in metadata).map((key) => [key, metadata[key]] as const)
  return { ...sorted, metadata: { ...Object.fromEntries(first), ...metadata } }
}

function byKey(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byKey)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]) => [key, byKey(child)]))
}
