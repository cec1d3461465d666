import type { Mode } from '../contract/modes.ts'
import type { SeiError } from '../errors/sei-error.ts'
import type { ConnectionInfo, KubeClient } from '../kube/types.ts'

/** A Kubernetes API to talk to, wherever it came from. Nothing above this floor asks where. */
export interface Cluster {
  readonly mode: Mode
  /** False only where real nodes answer. */
  readonly simulated: boolean
  /** Simulated milliseconds per real one: what a controller's intervals are divided by. 1 on real clusters. */
  readonly rate: number
  /** Real milliseconds between blocks of a simulated chain. */
  readonly blockMs?: number | undefined
  /** Door of its virtual clock, `contract/clock-door.ts`; left out where time is the wall clock's. */
  readonly clockUrl?: string | undefined
  readonly info: ConnectionInfo
  /** Namespace of objects that name none. */
  readonly namespace: string
  readonly kube: KubeClient
  /**
   * Turns a URL that a status publishes into one that answers from this process, waiting briefly, or until `signal`, for the
   * way to exist. A URL that is no Service's is returned as it is.
   */
  reach(url: string, signal?: AbortSignal): Promise<string>
  /** One line that tells a reader what this is and how to look at it. */
  describe(): string
  /** Resolves to CLUSTER_EXITED when the cluster goes away on its own; never after `close()`. */
  readonly exited: Promise<SeiError>
  /** Ends what was started for it. An existing cluster is only disconnected from. Idempotent. */
  close(): Promise<void>
}
