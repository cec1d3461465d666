import { invalidValue, required, type FieldError } from '../field-error.ts'
import { isRecord, recordAt, stringAt, type ApiObject } from '../object.ts'
import { builtInStrategy, fill } from './builtin.ts'
import type { SelectableFields, Strategy } from './strategy.ts'

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']

/** Field names of the core form, and what `events.k8s.io/v1` calls them. The core form is what is stored. */
const renamed: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
]

export const coreEventStrategy: Strategy = eventStrategy('involvedObject')
export const eventStrategyOfGroup: Strategy = eventStrategy('regarding')

function eventStrategy(subject: string): Strategy {
  const names = new Map(renamed)
  const inGroup = subject === 'regarding'
  const field = (core: string): string => (inGroup ? (names.get(core) ?? core) : core)
  // Fields that Go always writes.
  const fillIn = (event: ApiObject): void => {
    fill(event, { [field('source')]: {}, [field('firstTimestamp')]: null, [field('lastTimestamp')]: null })
    fill(event, { eventTime: null })
    if (!inGroup) fill(event, { reportingComponent: '', reportingInstance: '' })
  }
  return builtInStrategy({
    createOnUpdate: true,
    // The group's own times and source are only shown, and so belong to nobody; the core's are written.
    ...(inGroup ? { prepare: fillIn } : { defaults: fillIn }),
    selectable: selectable(subject, field),
    validate: (event, live) => [
      ...validateEvent(event, subject),
      ...(inGroup && live === undefined && (event['eventTime'] ?? null) === null
        ? [required('eventTime')]
        : []),
    ],
  })
}

function selectable(subject: string, field: (core: string) => string): SelectableFields {
  const of = involved.map((name): [string, (event: ApiObject) => string] => [
    `${subject}.${name}`,
    (event) => stringAt(recordAt(event, subject), name) ?? '',
  ])
  const plain = ['reason', 'type', 'reportingComponent'].map(
    (name): [string, (event: ApiObject) => string] => [
      field(name),
      (event) => stringAt(event, field(name)) ?? '',
    ],
  )
  const source = (event: ApiObject): string =>
    stringAt(recordAt(event, field('source')), 'component') ??
    stringAt(event, field('reportingComponent')) ??
    ''
  return Object.fromEntries([...of, ...plain, ['source', source]])
}

function validateEvent(event: ApiObject, subject: string): FieldError[] {
  const namespace = stringAt(recordAt(event, subject), 'namespace') ?? ''
  // Events about cluster-scoped objects live in `default`.
  const expected = namespace === '' ? 'default' : namespace
  if (event.metadata.namespace === expected) return []
  const detail = 'does not match event.namespace'
  return [invalidValue(`${subject}.namespace`, namespace, detail)]
}

/** A stored event in the form of `events.k8s.io/v1`. */
export function toGroupEvent(stored: ApiObject): ApiObject {
  return withoutEmpty(
    rename(
      stored,
      'events.k8s.io/v1',
      renamed.map(([core, events]) => [core, events]),
    ),
  )
}

/** An event of `events.k8s.io/v1` in the form that is stored. */
export function fromGroupEvent(event: ApiObject): ApiObject {
  return rename(
    event,
    'v1',
    renamed.map(([core, events]) => [events, core]),
  )
}

function rename(
  event: ApiObject,
  apiVersion: string,
  names: readonly (readonly [from: string, to: string])[],
): ApiObject {
  const from = new Map(names)
  const entries = Object.entries(event).map(([field, value]) => [from.get(field) ?? field, value])
  const renamedEvent: unknown = { ...Object.fromEntries(entries), apiVersion }
  return isRecord(renamedEvent) ? (renamedEvent as ApiObject) : event
}

/** The group's form leaves empty texts out. */
function withoutEmpty(event: ApiObject): ApiObject {
  const kept = Object.entries(event).filter(([, value]) => value !== '')
  return {
    ...Object.fromEntries(kept),
    apiVersion: event.apiVersion,
    kind: event.kind,
    metadata: event.metadata,
  }
}
