import type { Guard } from '../access/escalation.ts'
import type { FieldError } from '../field-error.ts'
import type { ApiObject } from '../object.ts'
import type { NameRule } from '../metadata-rules.ts'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** What happens to fields of a body that no schema knows. */
export interface DecodeOptions {
  readonly fieldValidation: FieldValidation
  readonly warnings: Set<string>
  /** What reading the body found before: `unknown field "metadata.a"`. */
  readonly decoding: ReadonlySet<string>
}

/** Values of one field of an object, as field selectors compare them. */
export type SelectableFields = Readonly<Record<string, (object: ApiObject) => string>>

/** How writes to one kind behave beyond storage. */
export interface Strategy {
  readonly nameRule: NameRule
  /** `/status` exists: other writes leave `status` alone, and writes to it leave the rest. */
  readonly hasStatus: boolean
  /** A create may bring its status along. */
  readonly createsWithStatus: boolean
  /** `metadata.generation` is kept, and grows with changes of what a user wants. */
  readonly counted: boolean
  /** PUT of a missing object creates it. */
  readonly createOnUpdate: boolean
  /** PUT without resourceVersion overwrites; refused with 422 otherwise. */
  readonly unconditionalUpdate: boolean
  /** DELETE answers with the object instead of a Status. */
  readonly deleteAnswersObject: boolean
  /** Dependents are orphaned unless the request says otherwise. */
  readonly orphansByDefault: boolean
  /** Beside `metadata.name` and `metadata.namespace`. */
  readonly selectable: SelectableFields
  /** The answer to an unknown field selector names the field so. */
  readonly unknownSelector: (field: string) => string
  /**
   * Prunes and defaults a body. The result and its metadata are the caller's own; what it has in common with `live` is
   * shared with that.
   */
  normalise(draft: ApiObject, live: ApiObject | undefined, options: DecodeOptions): ApiObject
  /** What takes time to find wrong: awaited before the write, with a candidate of what will be written. */
  precheck?(candidate: ApiObject): Promise<readonly FieldError[]>
  /** Refuses what this user may not write, though he may write to the kind. Throws StatusError 403. */
  readonly guard?: Guard
  /** Fills in what the server decides. `draft` may be changed in place. */
  prepare?(draft: ApiObject, live: ApiObject | undefined): void
  validate(object: ApiObject, live: ApiObject | undefined): readonly FieldError[]
  /** Like `validate`, for writes to `/status`. */
  validateStatus?(object: ApiObject, live: ApiObject): readonly FieldError[]
}
