const protobuf = 'com.github.proto-openapi.spec.v2'

/** The content type of {@link emptyOpenApiV2}. */
export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/** Whether an Accept header asks for the version 2 document in its protobuf form. A JSON answer breaks clients. */
export function acceptsOpenApiV2(accept: string | undefined): boolean {
  return accept?.includes(protobuf) === true
}

/**
 * A version 2 document that describes nothing: `{swagger: "2.0", info: {title, version}}`. kubectl insists on having one
 * before it takes a file with a `v1` List; kinds that it lacks are left for the server to validate.
 */
export function emptyOpenApiV2(): Buffer {
  const info = Buffer.concat([textField(1, 'Kubernetes'), textField(2, 'v1.36.0')])
  return Buffer.concat([textField(1, '2.0'), bytesField(2, info)])
}

function textField(number: number, text: string): Buffer {
  return bytesField(number, Buffer.from(text))
}

/** One length-delimited field, shorter than 128 bytes. */
function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}
