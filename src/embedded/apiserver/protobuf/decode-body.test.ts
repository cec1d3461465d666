import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, test } from 'vitest'

import { recordedBodies } from '../../../../test/helpers/protobuf-bodies.ts'
import { decodeProtobufBody } from './decode-body.ts'

const pod = { apiVersion: 'v1', kind: 'Pod' }

/** Field `number` holding a string, or what the parts are one after the other. */
function field(number: number, content: string | readonly Uint8Array[]): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.concat(content)
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish()
}

function numeric(number: number, value: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.Varint).int32(value).finish()
}

function prefixed(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), ...parts])
}

function body(apiVersion: string, kind: string, ...raw: readonly Uint8Array[]): Buffer {
  return prefixed(field(1, [field(1, apiVersion), field(2, kind)]), field(2, raw))
}

const named = field(1, [field(1, 'a')])

describe('a protobuf body', () => {
  test.each(recordedBodies)('behavior: of a $case', ({ bytes, json }) => {
    expect(decodeProtobufBody(Buffer.from(bytes, 'base64'), pod)).toStrictEqual(json)
  })

  test('behavior: it is the object its envelope names', () => {
    expect(decodeProtobufBody(body('v1', 'ConfigMap', named), pod)).toStrictEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    })
  })

  test('default: an envelope without a type is of the expected one', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' }
    expect(decodeProtobufBody(prefixed(field(2, [named])), role)).toStrictEqual({
      ...role,
      metadata: { name: 'a' },
      rules: null,
    })
  })

  test('behavior: options of a DELETE come under any version', () => {
    for (const apiVersion of ['v1', 'apps/v1', 'policy/v1beta1', 'meta.k8s.io/v1']) {
      const options = body(apiVersion, 'DeleteOptions', field(4, 'Orphan'))
      expect(decodeProtobufBody(options, pod)).toMatchObject({ propagationPolicy: 'Orphan' })
    }
  })

  test('behavior: fields that a message does not know are skipped', () => {
    const unknown = body('v1', 'ServiceAccount', field(90, 'later'), numeric(91, 5), named)
    expect(decodeProtobufBody(unknown, pod)).toMatchObject({ metadata: { name: 'a' } })
  })

  test('behavior: a map may have any key, and keeps the last of two values', () => {
    const entries = ['__proto__=a', 'k=b', 'k=c', 'none='].map((entry) => {
      const [key = '', value = ''] = entry.split('=')
      return field(2, [field(1, key), field(2, value)])
    })
    const { data } = decodeProtobufBody(body('v1', 'ConfigMap', ...entries), pod)
    expect(Object.entries(data as object)).toEqual([
      ['__proto__', 'a'],
      ['k', 'c'],
      ['none', ''],
    ])
  })

  test('behavior: a message that comes in parts is the sum of them', () => {
    const context = (part: Uint8Array): Uint8Array => field(2, [field(14, [part])])
    const parts = [numeric(4, 1), numeric(2, 5), numeric(2, 0), numeric(4, 300)].map(context)
    const { spec } = decodeProtobufBody(body('v1', 'Pod', ...parts), pod)
    expect(spec).toMatchObject({ securityContext: { supplementalGroups: [1, 300], runAsUser: 0 } })
  })

  test('behavior: a list of numbers may be packed', () => {
    const packed = new BinaryWriter().int32(7).int32(-300).finish()
    const { spec } = decodeProtobufBody(body('v1', 'Pod', field(2, [field(14, [field(4, [packed])])])), pod)
    expect(spec).toMatchObject({ securityContext: { supplementalGroups: [7, -300] } })
  })

  test.each([
    ['no bytes', Buffer.alloc(0), 'must be of type Pod): empty data (<empty>)'],
    ['the prefix alone', prefixed(), 'must be of type Pod): empty body (6b387300)'],
    ['JSON', Buffer.from('{"kind":"Pod"}'), 'expected prefix [107 56 115 0] ({"kind":"Pod"})'],
    ['other bytes', Buffer.alloc(40, 1), `expected prefix [107 56 115 0] (${'01'.repeat(30)} ...)`],
    ['half an envelope', body('v1', 'Pod', named).subarray(0, -1), '(must be of type Pod): '],
    ['a kind without a message', body('v1', 'Podd'), 'Podd in version "v1" cannot be handled as a Pod: '],
    ['a version without messages', body('v2', 'Pod'), 'no kind "Pod" is registered for version "v2"'],
    ['half a message', body('v1', 'Pod', named.subarray(0, -1)), 'cannot be handled as a Pod: '],
    [
      'a field of another wire type',
      body('v1', 'Pod', numeric(1, 1)),
      'wrong wireType = 0 for field metadata',
    ],
    ['a number of no field', body('v1', 'Pod', Buffer.from([2, 0])), 'illegal tag'],
    ['an endless number', body('v1', 'Lease', Buffer.from([98, ...Buffer.alloc(12, 255)])), 'as a Pod: '],
  ])('error: %s is refused', (_, bytes, text) => {
    expect(() => decodeProtobufBody(bytes, pod)).toThrow(
      expect.objectContaining({ code: 400, message: expect.stringContaining(text) }) as Error,
    )
  })
})
