import type { ProvidedLeaseApi } from '../contract/lease.ts'

/** Key under which the plugin provides the lease API to workers; `null` when the run has none (list, attach to nothing). */
export const providedKey = 'vitest-environment-sei'

declare module 'vitest' {
  interface ProvidedContext {
    'vitest-environment-sei': ProvidedLeaseApi | null
  }
}
