import { badRequest, unsupportedMediaType } from '../status-error.ts'

/** Turns a request body into JSON values. */
export interface BodyCodec {
  readonly mediaType: string
  decode(body: Buffer): Promise<unknown> | unknown
}

const jsonCodec: BodyCodec = { mediaType: 'application/json', decode: decodeJson }
const yamlCodec: BodyCodec = { mediaType: 'application/yaml', decode: decodeYaml }

/** What an object in a POST, PUT or DELETE body may be written in, in the order messages list them. */
const objectCodecs: readonly BodyCodec[] = [jsonCodec, yamlCodec]

/** What built-in kinds say they accept beside {@link objectCodecs}; its decoder is a codec yet to be added here. */
const protobuf = 'application/vnd.kubernetes.protobuf'

/**
 * The codec of a Content-Type; none at all means JSON.
 * @throws StatusError 415 for any other type
 */
export function codecFor(contentType: string | undefined, builtIn: boolean): BodyCodec {
  const mediaType = mediaTypeOf(contentType)
  if (mediaType === '') return jsonCodec
  const codec = objectCodecs.find((candidate) => candidate.mediaType === mediaType)
  if (codec !== undefined) return codec
  const known = objectCodecs.map((candidate) => candidate.mediaType)
  throw unsupportedMediaType(builtIn ? [...known, protobuf] : known)
}

/** Lower-case type without its parameters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Throws StatusError 400 for what is not JSON. */
export function decodeJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw badRequest(`the object provided is unrecognized (must be of type Object): ${why}`)
  }
}

/** JSON if it parses as such, else YAML: apply bodies are usually JSON whatever they are called. */
export async function decodeYaml(body: Buffer): Promise<unknown> {
  const text = body.toString('utf8')
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // A flow mapping in YAML also starts with a brace.
    }
  }
  // Loaded on first use: most servers never see YAML.
  const yaml = await import('yaml')
  try {
    return yaml.parse(text)
  } catch (error) {
    throw badRequest(`error parsing YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}
