import { relative } from 'node:path'
import { SeiError } from '../errors/sei-error.ts'
import { filePlace } from './file-specs.ts'
import type { Lease } from './leases.ts'

/**
 * Takes the leased network for the file that is about to change it: no other file gets it any more. Throws NETWORK_SHARED
 * while another file holds it.
 */
export function claimForChange({ entry, key }: Lease, root: string): void {
  const others = [...entry.holders].filter((holder) => holder !== key)
  if (others.length > 0) {
    const files = others.map((holder) => describeHolder(holder, root)).join(', ')
    throw new SeiError(`network ${entry.name} is shared with ${files}, which would lose it`, {
      class: 'usage',
      code: 'NETWORK_SHARED',
      hint: `put // @vitest-environment-options {"isolation":"file"} into ${describeHolder(key, root)}, which then has a network of its own`,
    })
  }
  entry.retired = true
}

/** A file that holds a network or created something, as a reader knows it; `undefined` is the run itself. */
export function describeHolder(key: string | undefined, root: string): string {
  if (key === undefined) return 'this run'
  const { project, file } = filePlace(key)
  const path = relative(root, file)
  return project === '' ? path : `${path} (project ${project})`
}
