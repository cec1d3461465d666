import { forbiddenField, invalidValue, type FieldError } from '../field-error.ts'
import { deepEqual, isRecord, type ApiObject } from '../object.ts'
import { builtInStrategy, ensure, fill } from './builtin.ts'
import type { Strategy } from './strategy.ts'

export const configMapStrategy: Strategy = builtInStrategy({
  validate: (object, live) => sealedErrors(object, live, ['data', 'binaryData']),
})

export const secretStrategy: Strategy = builtInStrategy({
  selectable: { type: (secret) => String(secret['type'] ?? '') },
  defaults(secret) {
    fill(secret, { type: 'Opaque' })
    // Write-only: folded into `data` and never returned.
    const { stringData } = secret
    delete secret['stringData']
    if (!isRecord(stringData)) return
    const data = ensure(secret, 'data')
    for (const [key, text] of Object.entries(stringData)) {
      data[key] = Buffer.from(String(text)).toString('base64')
    }
  },
  validate(secret, live) {
    const errors = sealedErrors(secret, live, ['data'])
    if (live !== undefined && secret['type'] !== live['type']) {
      errors.push(invalidValue('type', secret['type'], 'field is immutable'))
    }
    return errors
  },
})

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
