import type { Condition } from '../../../../contract/objects.ts'
import { seconds } from '../../runtime/conditions.ts'
import type { Remains } from './content.ts'

/** What a namespace that is being emptied tells about it. */
export function deletionConditions(remains: Remains, now: Date): Condition[] {
  const content = describe(remains.counts, (name, count) => `${name} has ${count} resource instances`)
  const held = describe(remains.finalizers, (name, count) => `${name} in ${count} resource instances`)
  const rows: [type: string, reason: string, message: string, remaining?: boolean][] = [
    ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    content === ''
      ? ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed']
      : [
          'NamespaceContentRemaining',
          'SomeResourcesRemain',
          `Some resources are remaining: ${content}`,
          true,
        ],
    held === ''
      ? [
          'NamespaceFinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ]
      : [
          'NamespaceFinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held}`,
          true,
        ],
  ]
  return rows.map(([type, reason, message, remaining = false]) => ({
    type,
    status: remaining ? 'True' : 'False',
    reason,
    message,
    lastTransitionTime: seconds(now),
  }))
}

function describe(counts: ReadonlyMap<string, number>, say: (name: string, count: number) => string): string {
  return [...counts]
    .toSorted()
    .map(([name, count]) => say(name, count))
    .join(', ')
}
