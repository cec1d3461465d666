import { StatusError, type StatusCause } from '../status-error.ts'
import { intersection, isEmpty, pathsOf, type FieldSet } from './field-set.ts'
import type { Manager, Managers, Owned } from './managers.ts'
import { describePath } from './path-element.ts'

/** A path that somebody else owns and the apply would change. */
export interface Conflict {
  readonly by: Manager
  readonly path: readonly string[]
}

/** Conflicts of an apply that changes `taken`, sorted by manager and path. */
export function findConflicts(managers: Managers, applier: string, taken: FieldSet): Conflict[] {
  const conflicts: Conflict[] = []
  for (const [, owned] of sorted(managers, applier)) {
    const contested = intersection(owned.set, taken)
    if (isEmpty(contested)) continue
    for (const path of pathsOf(contested)) conflicts.push({ by: owned, path })
  }
  return conflicts
}

function sorted(managers: Managers, applier: string): [string, Owned][] {
  return [...managers]
    .filter(([id]) => id !== applier)
    .toSorted(([a, one], [b, other]) =>
      (one.manager === other.manager ? a < b : one.manager < other.manager) ? -1 : 1,
    )
}

/** 409 with one cause per path, in the words that kubectl turns into its advice. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ by, path }): StatusCause => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeManager(by)}`,
    field: describePath(path),
  }))
  return new StatusError(409, 'Conflict', messageOf(conflicts), { causes })
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [only] = conflicts
  if (only !== undefined && conflicts.length === 1) {
    const who = describeManager(only.by)
    return `Apply failed with 1 conflict: conflict with ${who}: ${describePath(only.path)}`
  }
  const lines: string[] = []
  let last: Manager | undefined
  for (const { by, path } of conflicts) {
    if (by !== last) lines.push(`conflicts with ${describeManager(by)}:`)
    lines.push(`- ${describePath(path)}`)
    last = by
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function describeManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const under = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`
  const using = operation === 'Update' ? ` using ${apiVersion}` : ''
  return `${JSON.stringify(manager)}${under}${using}`
}
