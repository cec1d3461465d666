import type { FieldError } from '../field-error.ts'
import { deepEqual, isRecord, type ApiObject } from '../object.ts'
import { reportFields } from '../verbs/unknown-fields.ts'
import { conform } from './conform.ts'
import type { DecodeOptions, Strategy } from './strategy.ts'

/** What a built-in kind says of itself; everything has a default. */
export interface BuiltInBehaviour extends Partial<Omit<Strategy, 'normalise' | 'unknownSelector'>> {
  /** Fills in what a user left out. `draft` may be changed in place. */
  defaults?(draft: ApiObject): void
}

/** The strategy of a built-in kind. */
export function builtInStrategy(behaviour: BuiltInBehaviour = {}): Strategy {
  const { defaults, ...rest } = behaviour
  const selectable = rest.selectable ?? {}
  return {
    nameRule: 'subdomain',
    hasStatus: false,
    createsWithStatus: false,
    counted: false,
    createOnUpdate: false,
    unconditionalUpdate: true,
    deleteAnswersObject: false,
    orphansByDefault: false,
    validate: () => [],
    ...rest,
    selectable,
    unknownSelector: unknownSelector(Object.keys(selectable).length > 0),
    normalise(draft: ApiObject, live: ApiObject | undefined, options: DecodeOptions): ApiObject {
      const of = { kind: draft.kind, version: versionOf(draft) }
      const { value, unknown } = conform(draft, typeNameOf(draft), of, live)
      reportFields(options, of, unknown)
      const own = value as ApiObject
      // A name that the server is to make is empty until then.
      own.metadata = { ...own.metadata, name: draft.metadata.name }
      defaults?.(own)
      return own
    },
  }
}

function unknownSelector(hasFields: boolean): (field: string) => string {
  if (hasFields) return (field) => `field label not supported: ${field}`
  return (field) => `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** The type in the field tables; the two kinds of Event share a name. */
export function typeNameOf({ apiVersion, kind }: ApiObject): string {
  if (kind !== 'Event') return `V1${kind}`
  return apiVersion === 'v1' ? 'CoreV1Event' : 'EventsV1Event'
}

function versionOf({ apiVersion }: ApiObject): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1)
}

/** Sets each field that `target` lacks. */
export function fill(target: Record<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  for (const field in values) target[field] ??= values[field]
}

/** The record at `field`, put there if missing. */
export function ensure(target: Record<string, unknown>, field: string): Record<string, unknown> {
  const found = target[field]
  if (isRecord(found)) return found
  const created: Record<string, unknown> = {}
  target[field] = created
  return created
}

/** The records in the list at `field`. */
export function records(target: Record<string, unknown>, field: string): Record<string, unknown>[] {
  const list = target[field]
  return Array.isArray(list) ? list.filter(isRecord) : []
}

/** 422 for each of `fields` that differs from the live object's, inside the record at `parent`. */
export function immutable(
  object: ApiObject,
  live: ApiObject,
  parent: string,
  fields: readonly string[],
): FieldError[] {
  const [next, before] = [object[parent], live[parent]].map((part) => (isRecord(part) ? part : {}))
  return fields
    .filter((field) => !deepEqual(next?.[field], before?.[field]))
    .map((field) => ({
      type: 'FieldValueInvalid',
      field: `${parent}.${field}`,
      badValue: next?.[field] ?? null,
      detail: 'field is immutable',
    }))
}
