import { notAcceptable } from '../status-error.ts'
import { mediaTypeOf } from './codecs.ts'

export type Transform = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'

/** How an answer is to be written. */
export interface Format {
  readonly encoding: 'json' | 'yaml'
  readonly transform?: Transform | undefined
  /** apiVersion of the transformed object: `meta.k8s.io/v1` or `/v1beta1`. */
  readonly transformVersion: string
}

const plainJson: Format = { encoding: 'json', transformVersion: 'meta.k8s.io/v1' }
const transforms: ReadonlySet<string> = new Set([
  'Table',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
])
const encodings: Readonly<Record<string, 'json' | 'yaml'>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
}

/**
 * The first clause of an Accept header that can be served. Clauses are tried in the order written; one that asks for
 * an unknown transform is skipped, other parameters are ignored.
 * @throws StatusError 406 when none fits
 */
export function negotiate(accept: string | undefined, builtIn: boolean): Format {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json')
    return plainJson
  for (const clause of accept.split(',')) {
    const format = formatOf(clause)
    if (format !== undefined) return format
  }
  const types = ['application/json', 'application/yaml']
  throw notAcceptable(builtIn ? [...types, 'application/vnd.kubernetes.protobuf'] : types)
}

function formatOf(clause: string): Format | undefined {
  const encoding = encodings[mediaTypeOf(clause)]
  if (encoding === undefined) return undefined
  const parameters = parametersOf(clause)
  const as = parameters.get('as')
  if (as === undefined) return encoding === 'json' ? plainJson : { ...plainJson, encoding }
  const version = parameters.get('v') ?? 'v1'
  if (!transforms.has(as) || parameters.get('g') !== 'meta.k8s.io') return undefined
  if (version !== 'v1' && version !== 'v1beta1') return undefined
  return { encoding, transform: as as Transform, transformVersion: `meta.k8s.io/${version}` }
}

/** `;name=value` parameters of one clause of an Accept header. */
function parametersOf(clause: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of clause.split(';').slice(1)) {
    const [name = '', value = ''] = part.split('=', 2)
    parameters.set(name.trim(), value.trim())
  }
  return parameters
}
