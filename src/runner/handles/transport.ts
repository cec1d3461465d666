import type { LeaseCalls, LeaseVerb } from '../../contract/lease.ts'

/** The way to the supervisor for verbs that need the Kubernetes API; `FileLease` is one. */
export interface LeaseTransport {
  call<V extends LeaseVerb>(
    verb: V,
    args: LeaseCalls[V]['args'],
    signal?: AbortSignal,
  ): Promise<LeaseCalls[V]['result']>
}
