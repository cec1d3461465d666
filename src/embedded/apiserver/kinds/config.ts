import { forbiddenField, invalidValue, type FieldError } from '../field-error.ts'
import { deepEqual, isRecord, type ApiObject } from '../object.ts'
import { builtInStrategy, fill } from './builtin.ts'
import type { Strategy } from './strategy.ts'

export const configMapStrategy: Strategy = builtInStrategy({
  validate: (object, live) => [
    ...sealedErrors(object, live, ['data', 'binaryData']),
    ...sizeErrors(
      bytesOf(object['data'], Buffer.byteLength) + bytesOf(object['binaryData'], decodedBytes),
      '[]',
    ),
  ],
})

export const secretStrategy: Strategy = builtInStrategy({
  selectable: { type: (secret) => String(secret['type'] ?? '') },
  defaults(secret) {
    fill(secret, { type: 'Opaque' })
    // Write-only: folded into `data` and never returned.
    const { stringData } = secret
    delete secret['stringData']
    if (!isRecord(stringData)) return
    const folded = Object.entries(stringData).map(([key, text]) => [
      key,
      Buffer.from(String(text)).toString('base64'),
    ])
    // A patched Secret shares its data with the stored one.
    const { data } = secret
    secret['data'] = { ...(isRecord(data) ? data : {}), ...Object.fromEntries(folded) }
  },
  validate(secret, live) {
    const errors = [
      ...sealedErrors(secret, live, ['data']),
      ...sizeErrors(bytesOf(secret['data'], decodedBytes), 'data'),
    ]
    if (live !== undefined && secret['type'] !== live['type']) {
      errors.push(invalidValue('type', secret['type'], 'field is immutable'))
    }
    return errors
  },
})

/** Bytes that the values of a ConfigMap or a Secret may have together. */
const maxBytes = 1024 * 1024

function sizeErrors(bytes: number, field: string): FieldError[] {
  if (bytes <= maxBytes) return []
  return [{ type: 'FieldValueTooLong', field, detail: `may not be more than ${maxBytes} bytes` }]
}

function bytesOf(data: unknown, bytes: (value: string) => number): number {
  return Object.values(isRecord(data) ? data : {}).reduce<number>(
    (sum, value) => sum + bytes(String(value)),
    0,
  )
}

function decodedBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64')
}

/** `immutable: true` seals the data, and cannot be taken back. */
function sealedErrors(
  object: ApiObject,
  live: ApiObject | undefined,
  fields: readonly string[],
): FieldError[] {
  if (live?.['immutable'] !== true) return []
  const sealed = fields.filter((field) => !deepEqual(object[field], live[field]))
  if (object['immutable'] !== true) sealed.unshift('immutable')
  return sealed.map((field) => forbiddenField(field, 'field is immutable when `immutable` is set'))
}
