import { readFileSync } from 'node:fs'

/** A whole protobuf body as a Go client sends it, and the JSON that Go makes of it. */
export interface RecordedBody {
  readonly case: string
  /** Base64. */
  readonly bytes: string
  readonly json: {
    readonly apiVersion: string
    readonly kind: string
    readonly metadata: { readonly name?: string; readonly resourceVersion?: string }
  }
}

export const protobuf: string = 'application/vnd.kubernetes.protobuf'

export const recordedBodies: readonly RecordedBody[] = JSON.parse(
  readFileSync(new URL('../captures/protobuf/bodies.json', import.meta.url), 'utf8'),
) as RecordedBody[]

/** The body that is recorded under a name. */
export function recorded(name: string): RecordedBody {
  const found = recordedBodies.find((body) => body.case === name)
  if (found === undefined) throw new Error(`no body of a ${name} is recorded`)
  return found
}

/** Its bytes. */
export function recordedBody(name: string): Buffer {
  return Buffer.from(recorded(name).bytes, 'base64')
}
