import { isRecord, listAt, recordAt, stringAt, timestamp, type ApiObject } from './object.ts'
import type { ServedResource } from './resource.ts'

type Conditions = readonly Readonly<Record<string, string>>[]

/** Whether a definition's resource is served: it stays so once its names were accepted. */
export function isEstablished(definition: ApiObject): boolean {
  return listAt(recordAt(definition, 'status'), 'conditions').some(
    (entry) => isRecord(entry) && entry['type'] === 'Established' && entry['status'] === 'True',
  )
}

/**
 * The status of a definition that is not established yet: established if no other resource of its group has one of its
 * names.
 */
export function initialStatus(
  definition: ApiObject,
  served: readonly ServedResource[],
  now: Date,
): Record<string, unknown> {
  const spec = recordAt(definition, 'spec')
  const storage = listAt(spec, 'versions').find((version) => isRecord(version) && version['storage'] === true)
  const taken = conflict(definition, served)
  return {
    conditions: taken === undefined ? accepted(now) : refused(taken, now),
    acceptedNames: taken === undefined ? spec['names'] : { plural: '', kind: '' },
    storedVersions: [stringAt(storage, 'name') ?? ''],
  }
}

function accepted(now: Date): Conditions {
  return [
    condition('NamesAccepted', 'True', 'NoConflicts', 'no conflicts found', now),
    condition('Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted', now),
  ]
}

function refused({ reason, name }: Conflict, now: Date): Conditions {
  return [
    condition('NamesAccepted', 'False', reason, `"${name}" is already in use`, now),
    condition('Established', 'False', 'NotAccepted', 'not all names are accepted', now),
  ]
}

function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  now: Date,
): Readonly<Record<string, string>> {
  return { type, status, lastTransitionTime: timestamp(now), reason, message }
}

interface Conflict {
  readonly reason: string
  readonly name: string
}

function conflict(definition: ApiObject, served: readonly ServedResource[]): Conflict | undefined {
  const spec = recordAt(definition, 'spec')
  const names = recordAt(spec, 'names')
  const [group, plural] = [stringAt(spec, 'group'), stringAt(names, 'plural')]
  const others = served.filter((resource) => resource.group === group && resource.plural !== plural)
  const words = new Set(
    others.flatMap(({ plural, singular, shortNames }) => [plural, singular, ...shortNames]),
  )
  const kinds = new Set(others.flatMap(({ kind, listKind }) => [kind, listKind]))
  const claims: readonly (readonly [reason: string, name: string | undefined, taken: Set<string>])[] = [
    ['PluralConflict', plural, words],
    ['SingularConflict', stringAt(names, 'singular'), words],
    ...listAt(names, 'shortNames').map((name) => ['ShortNamesConflict', String(name), words] as const),
    ['KindConflict', stringAt(names, 'kind'), kinds],
    ['ListKindConflict', stringAt(names, 'listKind'), kinds],
  ]
  // The last one is what a real server reports.
  const found = claims.findLast(([, name, taken]) => name !== undefined && taken.has(name))
  return found === undefined ? undefined : { reason: found[0], name: found[1] ?? '' }
}
