import type { Problem } from './problem.ts'
import type { DeletePermit } from './seal.ts'

/** What is wrong with a permit to delete `what`, if anything. The type says it; plain JavaScript is told too. */
export function permitProblem(permit: DeletePermit | undefined, what: string): Problem | undefined {
  const given = permit as Partial<DeletePermit> | undefined
  if (given?.kind === 'seal') return undefined
  if (given?.kind === 'waiver' && typeof given.reason === 'string' && given.reason.trim() !== '')
    return undefined
  return {
    what: `${what} would be deleted without evidence of it`,
    where: 'delete(permit)',
    expected: 'the seal of a capture, or a waiver with a reason',
    fix: "capture first, or pass { kind: 'waiver', reason: '…' }",
  }
}
