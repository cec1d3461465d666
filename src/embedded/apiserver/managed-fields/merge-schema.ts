/**
 * What apply needs to know of a type: which lists and maps are merged part by part, and by which keys. A place may allow
 * several forms (a free-form one allows all); the value decides then.
 */
export interface MergeSchema {
  readonly scalar?: ScalarType | undefined
  readonly list?: ListSchema | undefined
  readonly map?: MapSchema | undefined
  /** Value of a missing key field of a list item. */
  readonly default?: unknown
  /** Never owned and never compared: what the server keeps itself. */
  readonly ignored?: boolean | undefined
  /** At the root: what a new object of a built-in type already holds, since its Go struct writes these fields always. */
  readonly blank?: Readonly<Record<string, unknown>> | undefined
}

export type ScalarType = 'string' | 'number' | 'boolean' | 'any'

export interface ListSchema {
  /** `atomic`: owned and replaced as a whole. `set`: of scalars. `map`: items told apart by `keys`. */
  readonly type: 'atomic' | 'set' | 'map'
  /** Sorted, as path elements write them. */
  readonly keys: readonly string[]
  readonly items: MergeSchema
  /** Strategic merge patch: key that lists are merged by, '' for a list of scalars; without it lists are replaced. */
  readonly patchKey?: string | undefined
}

export interface MapSchema {
  readonly atomic: boolean
  readonly fields: ReadonlyMap<string, MergeSchema>
  /** Schema of keys that `fields` lacks. */
  readonly values?: MergeSchema | undefined
  /** Keys that `fields` lacks are declared fields whose type this table leaves out. */
  readonly open?: boolean | undefined
}

const noFields: ReadonlyMap<string, MergeSchema> = new Map()

export const stringField: MergeSchema = { scalar: 'string' }
export const numberField: MergeSchema = { scalar: 'number' }
export const booleanField: MergeSchema = { scalar: 'boolean' }
export const anyScalar: MergeSchema = { scalar: 'any' }

/** A place without schema: maps part by part, lists as a whole. */
export const deduced: MergeSchema = cyclic((own) => ({ atomic: false, fields: noFields, values: own }))

/** A place in a built-in type that the tables leave out: like `deduced`, but its keys are declared fields. */
export const undeclared: MergeSchema = cyclic(() => ({ atomic: false, fields: noFields, open: true }))

function cyclic(mapOf: (own: MergeSchema) => MapSchema): MergeSchema {
  const own: { -readonly [key in keyof MergeSchema]: MergeSchema[key] } = { scalar: 'any' }
  own.list = { type: 'atomic', keys: [], items: own }
  own.map = mapOf(own)
  return own
}

export function struct(fields: Readonly<Record<string, MergeSchema>>, open = true): MergeSchema {
  return { map: { atomic: false, fields: new Map(Object.entries(fields)), open } }
}

export function mapOf(values: MergeSchema): MergeSchema {
  return { map: { atomic: false, fields: noFields, values } }
}

export const atomicMap: MergeSchema = {
  map: { atomic: true, fields: noFields, values: deduced },
}

export function atomicList(patchKey?: string, items: MergeSchema = undeclared): MergeSchema {
  return { list: { type: 'atomic', keys: [], items, patchKey } }
}

export function setList(patchKey?: string): MergeSchema {
  return { list: { type: 'set', keys: [], items: anyScalar, patchKey } }
}

/** @param patchKey strategic merge's key: only the first of the keys that apply uses */
export function keyedList(keys: readonly string[], items: MergeSchema, patchKey?: string): MergeSchema {
  return { list: { type: 'map', keys: keys.toSorted(), items, patchKey } }
}

const ignored: MergeSchema = { ...deduced, ignored: true }

/** metav1.ObjectMeta. */
const objectMeta: MergeSchema = struct(
  {
    name: ignored,
    namespace: ignored,
    creationTimestamp: ignored,
    selfLink: ignored,
    uid: ignored,
    generation: ignored,
    managedFields: ignored,
    resourceVersion: ignored,
    generateName: stringField,
    deletionTimestamp: stringField,
    deletionGracePeriodSeconds: numberField,
    labels: mapOf(stringField),
    annotations: mapOf(stringField),
    finalizers: setList(''),
    ownerReferences: keyedList(['uid'], atomicMap, 'uid'),
  },
  false,
)

/** A whole object: its own fields with the header that every object has. */
export function rootOf(own: MapSchema, blank?: Readonly<Record<string, unknown>>): MergeSchema {
  const fields = new Map([
    ...own.fields,
    ['apiVersion', ignored],
    ['kind', ignored],
    ['metadata', objectMeta],
  ])
  return { map: { ...own, atomic: false, fields }, blank }
}

/** What is at `key` of a map; `undefined` when the schema does not allow it. */
export function fieldSchema(map: MapSchema, key: string): MergeSchema | undefined {
  return map.fields.get(key) ?? map.values ?? (map.open === true ? undeclared : undefined)
}

/** A declared field as against a key of a free map; only the latter is owned apart from what is below it. */
export function isDeclared(map: MapSchema, key: string): boolean {
  return map.fields.has(key) || map.values === undefined
}

export type Form = 'map' | 'scalar' | 'list'

/** Which form of the schema a value takes. Null, and a value that does not fit, take the first that is allowed. */
export function formOf(schema: MergeSchema, value: unknown): Form {
  if (value !== null && value !== undefined) {
    if (Array.isArray(value)) {
      if (schema.list !== undefined) return 'list'
    } else if (typeof value === 'object') {
      if (schema.map !== undefined) return 'map'
    } else if (schema.scalar !== undefined) return 'scalar'
  }
  if (schema.map !== undefined) return 'map'
  return schema.scalar === undefined ? 'list' : 'scalar'
}
