import type { Condition } from '../../../../contract/objects.ts'
import { seconds } from '../../runtime/conditions.ts'
import type { Remains } from './content.ts'

/** What a namespace that is being emptied tells about it. */
export function deletionConditions(remains: Remains, now: Date): Condition[] {
  const lastTransitionTime = seconds(now)
  const content = [...remains.counts].toSorted()
  const held = [...remains.finalizers].toSorted()
  const fine = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'False',
    reason,
    message,
    lastTransitionTime,
  })
  const remaining = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime,
  })
  const contentText = content.map(([name, count]) => `${name} has ${count} resource instances`).join(', ')
  const heldText = held.map(([name, count]) => `${name} in ${count} resource instances`).join(', ')
  return [
    fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    content.length === 0
      ? fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed')
      : remaining(
          'NamespaceContentRemaining',
          'SomeResourcesRemain',
          `Some resources are remaining: ${contentText}`,
        ),
    held.length === 0
      ? fine(
          'NamespaceFinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        )
      : remaining(
          'NamespaceFinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${heldText}`,
        ),
  ]
}
