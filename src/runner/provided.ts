import type { ProvidedLeaseApi } from '../contract/lease.ts'

declare module 'vitest' {
  interface ProvidedContext {
    'vitest-environment-sei': ProvidedLeaseApi | null
  }
}
