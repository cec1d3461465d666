import type { Waiver } from '../contract/seal.ts'
import { usageError } from '../errors/sei-error.ts'

/** A named reason to delete without evidence. Throws BAD_INPUT for an empty one. */
export function createWaiver(reason: string): Waiver {
  if (reason.trim() !== '') return { kind: 'waiver', reason }
  throw usageError([
    {
      what: 'a waiver without a reason',
      where: 'waiver',
      expected: 'why there is no evidence',
      fix: 'say why, for example that nothing was created',
    },
  ])
}
