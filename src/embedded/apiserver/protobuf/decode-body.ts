import { badRequest } from '../status-error.ts'
import { isRecord, stringAt } from '../object.ts'
import { messageOf } from './messages.ts'
import { readMessage } from './read-message.ts'
import { errorText } from '../../../errors/error-text.ts'

/** What kind an object is of. */
export interface TypeMeta {
  readonly apiVersion: string
  readonly kind: string
}

/** First bytes of every protobuf body: `k8s` and a zero. */
const prefix = Buffer.from('k8s\0')

/**
 * The object in a protobuf body, as its JSON would have it.
 * @param expected the type of a body that names none
 * @throws StatusError 400 for what is no such body, or of a kind without a message
 */
export function decodeProtobufBody(body: Buffer, expected: TypeMeta): Record<string, unknown> {
  const { raw, ...type } = readEnvelope(body, expected)
  const { kind } = type
  const [group = '', version = ''] = type.apiVersion.includes('/')
    ? type.apiVersion.split('/')
    : ['', type.apiVersion]
  const refuse = (why: string): Error =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${expected.kind}: ${why}`)
  const message = messageName(group, version, kind)
  if (messageOf(message) === undefined) {
    throw refuse(`no kind "${kind}" is registered for version "${type.apiVersion}"`)
  }
  try {
    return { ...type, ...readMessage(message, raw) }
  } catch (error) {
    throw refuse(errorText(error))
  }
}

/** Options of a DELETE come under the version of whatever is deleted. */
function messageName(group: string, version: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta.DeleteOptions'
  if (version !== 'v1') return ''
  return `${group === '' ? 'core' : (group.split('.', 1)[0] ?? '')}.${kind}`
}

function readEnvelope(body: Buffer, expected: TypeMeta): TypeMeta & { readonly raw: Uint8Array } {
  try {
    requirePrefix(body)
    const { typeMeta, raw } = readMessage('runtime.Unknown', body.subarray(prefix.length))
    const named = isRecord(typeMeta) ? typeMeta : {}
    return {
      apiVersion: stringAt(named, 'apiVersion') ?? expected.apiVersion,
      kind: stringAt(named, 'kind') ?? expected.kind,
      raw: raw instanceof Uint8Array ? raw : new Uint8Array(),
    }
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): ${errorText(error)} (${summaryOf(body)})`,
    )
  }
}

function requirePrefix(body: Buffer): void {
  if (body.length === 0) throw new Error('empty data')
  if (!body.subarray(0, prefix.length).equals(prefix)) {
    const expected = [...prefix].join(' ')
    throw new Error(`provided data does not appear to be a protobuf message, expected prefix [${expected}]`)
  }
  if (body.length === prefix.length) throw new Error('empty body')
}

/** The start of a body that cannot be read, as a real server quotes it. */
function summaryOf(body: Buffer): string {
  if (body.length === 0) return '<empty>'
  const start = body.subarray(0, 30)
  const text = start[0] === 0x7b ? start.toString('utf8') : start.toString('hex')
  return body.length > start.length ? `${text} ...` : text
}
