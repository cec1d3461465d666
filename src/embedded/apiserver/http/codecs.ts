import { integerOf, parseJson } from '../json.ts'
import type { TypeMeta } from '../protobuf/decode-body.ts'
import { badRequest, unsupportedMediaType } from '../status-error.ts'
import { errorText } from '../../../errors/error-text.ts'

/** Turns a request body into JSON values. */
export interface BodyCodec {
  readonly mediaType: string
  /**
   * @param expected the type of an object that names none
   * @throws StatusError 400 for what cannot be read
   */
  decode(body: Buffer, expected: TypeMeta): Promise<unknown> | unknown
}

const jsonCodec: BodyCodec = { mediaType: 'application/json', decode: decodeJson }
const yamlCodec: BodyCodec = { mediaType: 'application/yaml', decode: decodeYaml }
const protobufCodec: BodyCodec = {
  mediaType: 'application/vnd.kubernetes.protobuf',
  async decode(body, expected) {
    // Loaded on first use: nothing that is written in JavaScript sends it.
    const { decodeProtobufBody } = await import('../protobuf/decode-body.ts')
    return decodeProtobufBody(body, expected)
  },
}

/** What an object in a POST, PUT or DELETE body may be written in, in the order messages list them. */
const customCodecs: readonly BodyCodec[] = [jsonCodec, yamlCodec]
const builtInCodecs: readonly BodyCodec[] = [...customCodecs, protobufCodec]

/**
 * The codec of a Content-Type; none at all means JSON.
 * @throws StatusError 415 for any other type
 */
export function codecFor(contentType: string | undefined, builtIn: boolean): BodyCodec {
  const mediaType = mediaTypeOf(contentType)
  if (mediaType === '') return jsonCodec
  const codecs = builtIn ? builtInCodecs : customCodecs
  const codec = codecs.find((candidate) => candidate.mediaType === mediaType)
  if (codec !== undefined) return codec
  throw unsupportedMediaType(codecs.map((candidate) => candidate.mediaType))
}

/** Lower-case type without its parameters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Throws StatusError 400 for what is not JSON. */
export function decodeJson(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'))
  } catch (error) {
    const why = errorText(error)
    throw badRequest(`the object provided is unrecognized (must be of type Object): ${why}`)
  }
}

/** YAML as Go's library reads it: `0644` is octal and `yes` is true, but a time is text. */
const yamlOptions = { version: '1.1', intAsBigInt: true } as const

function isTime({ tag, format }: { readonly tag: string; readonly format?: string | undefined }): boolean {
  return tag === 'tag:yaml.org,2002:timestamp' || format === 'TIME'
}

/** JSON if it parses as such, else YAML: apply bodies are usually JSON whatever they are called. */
export async function decodeYaml(body: Buffer): Promise<unknown> {
  const text = body.toString('utf8')
  if (text.trimStart().startsWith('{')) {
    try {
      return parseJson(text)
    } catch {
      // A flow mapping in YAML also starts with a brace.
    }
  }
  // Loaded on first use: most servers never see YAML.
  const yaml = await import('yaml')
  try {
    return yaml.parse(
      text,
      (_key, value: unknown) => (typeof value === 'bigint' ? integerOf(value) : value),
      {
        ...yamlOptions,
        customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isTime(tag)),
      },
    )
  } catch (error) {
    throw badRequest(`error parsing YAML: ${errorText(error)}`)
  }
}
