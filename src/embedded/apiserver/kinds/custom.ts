import { recordAt, isRecord, listAt, stringAt, type ApiObject } from '../object.ts'
import type { CompiledVersion } from '../schema/compile-crd.ts'
import { reportFields } from '../verbs/unknown-fields.ts'
import type { SelectableFields, Strategy } from './strategy.ts'

/** How writes to a custom resource behave: by its definition's schema, and with nothing else of its own. */
export function customStrategy(
  kind: { readonly kind: string; readonly version: string },
  compiled: CompiledVersion,
  selectable: SelectableFields,
): Strategy {
  return {
    nameRule: 'subdomain',
    hasStatus: compiled.subresources.includes('status'),
    createsWithStatus: false,
    counted: true,
    createOnUpdate: false,
    unconditionalUpdate: false,
    deleteAnswersObject: false,
    orphansByDefault: false,
    selectable,
    unknownSelector: (field) => `field label not supported: ${field}`,
    normalise(draft, _live, options) {
      const pruned = compiled.prune(draft)
      reportFields(options, kind, pruned.unknownFields.toSorted())
      const object = compiled.applyDefaults(pruned.object)
      return { ...object, metadata: { ...object.metadata } }
    },
    validate: (object, live) => compiled.validate(object, live),
    // What names no place is found in the status here, which is looked at by itself.
    validateStatus: (object, live) =>
      compiled
        .validate(object, live)
        .map((error) =>
          error.field === '<nil>' && error.badValue === '' ? { ...error, field: 'status' } : error,
        ),
  }
}

/** The `selectableFields` of one version in a definition: simple dotted paths. */
export function selectableFieldsOf(version: unknown): SelectableFields {
  const fields = listAt(version, 'selectableFields').flatMap((field) => stringAt(field, 'jsonPath') ?? [])
  return Object.fromEntries(
    fields.map((path) => [path.replace(/^\./, ''), (object: ApiObject) => textAt(object, path)]),
  )
}

function textAt(object: ApiObject, path: string): string {
  let value: unknown = object
  for (const part of path.split('.').filter((name) => name !== '')) {
    value = isRecord(value) ? value[part] : undefined
  }
  return value === undefined || value === null ? '' : String(value)
}

/** The version entry of a definition by name. */
export function versionEntry(definition: ApiObject, name: string): Record<string, unknown> {
  const found = listAt(recordAt(definition, 'spec'), 'versions').find(
    (version) => stringAt(version, 'name') === name,
  )
  return isRecord(found) ? found : {}
}
