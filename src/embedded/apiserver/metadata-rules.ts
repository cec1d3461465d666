import { forbiddenField, invalidValue, required, type FieldError } from './field-error.ts'
import { isRecord, type ApiObject } from './object.ts'

/** What an object of a kind may be called. */
export type NameRule = 'subdomain' | 'label' | 'dns1035' | 'path'

const labelKey =
  /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)$/
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/

const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const tooManyParts =
  "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

const names: Readonly<Record<NameRule, { pattern: RegExp; max: number; text: string }>> = {
  subdomain: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    max: 253,
    text: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  },
  label: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    max: 63,
    text: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  },
  dns1035: {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    max: 63,
    text: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  },
  path: { pattern: /^(?!\.{1,2}$)[^/%]+$/, max: 253, text: "may not be '.' or '..' nor contain '/' or '%'" },
}

/** What is wrong with the form of a name, if anything. */
export function nameProblem(name: string, rule: NameRule): string | undefined {
  const { pattern, max, text } = names[rule]
  if (name.length > max) return `must be no more than ${max} characters`
  return pattern.test(name) ? undefined : text
}

/** What is wrong with a label or annotation key, if anything. */
export function keyProblem(key: string): string | undefined {
  if (key.split('/').length > 2) return tooManyParts
  const match = labelKey.exec(key)
  if (match === null) return keyRule
  return (match[1]?.length ?? 0) > 63 ? 'name part must be no more than 63 bytes' : undefined
}

/** What is wrong with a label's value, if anything. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return 'must be no more than 63 bytes'
  return labelValue.test(value) ? undefined : valueRule
}

export interface MetadataRules {
  readonly rule: NameRule
  /** A custom resource, whose finalizers may have any name. */
  readonly custom: boolean
}

/** Everything wrong with an object's metadata; parts that are the live object's own were found right before. */
export function validateMetadata(
  object: ApiObject,
  live: ApiObject | undefined,
  { rule, custom }: MetadataRules,
): FieldError[] {
  const isNew = (field: keyof ApiObject['metadata']): boolean =>
    live === undefined || live.metadata[field] !== object.metadata[field]
  return [
    ...(isNew('name') ? nameErrors(object, rule) : []),
    ...(isNew('labels') ? labelErrors(object) : []),
    ...(isNew('annotations') ? annotationErrors(object) : []),
    ...(isNew('ownerReferences') ? ownerErrors(object) : []),
    ...(isNew('finalizers') ? finalizerErrors(object, custom) : []),
  ]
}

function nameErrors(object: ApiObject, rule: NameRule): FieldError[] {
  const { name } = object.metadata
  if (name === undefined || name === '')
    return [required('metadata.name', 'name or generateName is required')]
  const { pattern, max, text } = names[rule]
  const errors: FieldError[] = []
  if (name.length > max)
    errors.push(invalidValue('metadata.name', name, `must be no more than ${max} characters`))
  if (rule !== 'subdomain' && rule !== 'path' && name.includes('.')) {
    errors.push(invalidValue('metadata.name', name, 'must not contain dots'))
  } else if (!pattern.test(name)) errors.push(invalidValue('metadata.name', name, text))
  return errors
}

function labelErrors(object: ApiObject): FieldError[] {
  const errors: FieldError[] = []
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    const wrongKey = keyProblem(key)
    if (wrongKey !== undefined) errors.push(invalidValue('metadata.labels', key, wrongKey))
    const wrongValue = labelValueProblem(value)
    if (wrongValue !== undefined) errors.push(invalidValue('metadata.labels', value, wrongValue))
  }
  return errors
}

const annotationLimit = 262_144

function annotationErrors(object: ApiObject): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(object.metadata.annotations ?? {})) {
    const wrongKey = keyProblem(key.toLowerCase())
    if (wrongKey !== undefined) errors.push(invalidValue('metadata.annotations', key, wrongKey))
    size += Buffer.byteLength(key) + Buffer.byteLength(value)
  }
  if (size > annotationLimit) {
    const detail = `may not be more than ${annotationLimit} bytes`
    errors.push({ type: 'FieldValueTooLong', field: 'metadata.annotations', detail })
  }
  return errors
}

function ownerErrors(object: ApiObject): FieldError[] {
  const owners = object.metadata.ownerReferences ?? []
  const errors = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => owner[field] === undefined || owner[field] === '')
      .map((field) =>
        invalidValue(
          `metadata.ownerReferences.${field}`,
          '',
          field === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
        ),
      ),
  )
  for (const owner of owners) {
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      const detail = '/v1, Kind=Event is disallowed from being an owner'
      errors.push(invalidValue('metadata.ownerReferences', owner, detail))
    }
  }
  const controllers = owners.filter((owner) => owner.controller === true)
  if (controllers.length > 1) {
    const [first, second] = controllers
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${second?.kind}/${second?.name}`
    errors.push(invalidValue('metadata.ownerReferences', owners, detail))
  }
  return errors
}

function finalizerErrors(object: ApiObject, custom: boolean): FieldError[] {
  return (object.metadata.finalizers ?? []).flatMap((finalizer, index) => {
    const problem = keyProblem(finalizer)
    if (problem !== undefined) return [invalidValue('metadata.finalizers', finalizer, problem)]
    if (custom || finalizer.includes('/') || standardFinalizers.has(finalizer)) return []
    const detail = 'name is neither a standard finalizer name nor is it fully qualified'
    return [invalidValue(`metadata.finalizers[${index}]`, finalizer, detail)]
  })
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** What a server warns of in metadata that it accepts. */
export function metadataWarnings(object: ApiObject, live: ApiObject | undefined, custom: boolean): string[] {
  const before = new Set(live?.metadata.finalizers)
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer))
  return added
    .filter((finalizer) => custom && !finalizer.includes('/') && !standardFinalizers.has(finalizer))
    .map((finalizer) => {
      // Without any dot it has no domain either.
      const path = finalizer.includes('.') ? ' including a path (/)' : ''
      return `metadata.finalizers: "${finalizer}": prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
    })
}

/** What an update of a terminating object may not do. */
export function validateMetadataUpdate(object: ApiObject, live: ApiObject): FieldError[] {
  if (live.metadata.deletionTimestamp === undefined) return []
  const before = new Set(live.metadata.finalizers)
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer))
  if (added.length === 0) return []
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
  return [forbiddenField('metadata.finalizers', detail)]
}

/** A copy of metadata without what says nothing: empty texts and collections, and the long gone `selfLink`. */
export function cleanMetadata(fields: Readonly<Record<string, unknown>>): ApiObject['metadata'] {
  const kept = Object.entries(fields).filter(
    ([field, content]) => field !== 'selfLink' && !isVoid(field, content),
  )
  return { name: '', ...Object.fromEntries(kept) }
}

function isVoid(field: string, content: unknown): boolean {
  if (content === undefined || content === '') return true
  // Empty managed fields mean something: trackUpdate resets by them.
  if (field === 'managedFields') return false
  if (Array.isArray(content)) return content.length === 0
  return isRecord(content) && Object.keys(content).length === 0
}
