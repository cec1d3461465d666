import { inject } from 'vitest'
import { providedKey } from '../contract/lease.ts'
import { FileLease, noLeaseApi } from './file-lease.ts'
import { workerState } from './worker-state.ts'

/** The lease of a test file, made at first use. Throws BAD_OPTIONS without the plugin. */
export function leaseOf(file: string): FileLease {
  const { leases } = workerState()
  const known = leases.get(file)
  if (known !== undefined) return known
  const api = inject(providedKey)
  if (api === undefined || api === null) throw noLeaseApi()
  const lease = new FileLease(api, file)
  leases.set(file, lease)
  return lease
}
