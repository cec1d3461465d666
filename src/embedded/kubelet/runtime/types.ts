import type { Era } from '../../../contract/crds/eras.ts'
import type { Container, Pod } from '../../../contract/objects.ts'
import type { ChainTransport } from '../../chain/types.ts'
import type { Clock } from '../../clock.ts'
import type { PodFaults } from '../../faults.ts'
import type { PortBook } from '../ports.ts'
import type { ArtifactBucket } from '../sidecar/bucket.ts'
import type { NodeFiles } from '../sidecar/files.ts'
import type { Gate } from '../sidecar/gate.ts'
import type { LocalPod } from './process/local-pod.ts'

export interface ContainerExit {
  readonly exitCode: number
  /** @default Completed for 0, else Error */
  readonly reason?: string | undefined
  /** Last words of the container. */
  readonly message?: string | undefined
}

/** One run of a container. */
export interface ContainerRun {
  readonly exited: Promise<ContainerExit>
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

/** What the containers of one pod share. */
export interface Sandbox {
  readonly pod: Pod
  /** Of the pretended pod network: what messages name. */
  readonly podIP: string
  readonly clock: Clock
  /** Name in the port book: `<namespace>/<headless Service>`. */
  readonly owner: string
  readonly ports: PortBook
  /** Of a pod that runs for real. */
  readonly local: LocalPod | undefined
  /** Contents of the data volume. */
  readonly files: NodeFiles
  /** Sidecar's start gate. */
  readonly gate: Gate
  /** Open while a seid process runs in this pod. */
  readonly seidUp: Gate
  /** The process itself, in the table that the containers of the pod share. */
  readonly seidProcess: { current?: Pick<ContainerRun, 'kill'> | undefined }
  readonly faults: PodFaults
  /** Of the sidecar. */
  readonly era: Era
  readonly bucket: ArtifactBucket
  readonly chain: ChainTransport
  /** Whether a bearer token may talk to the sidecar. */
  readonly authorize: (token: string | undefined) => boolean
}

export interface StartOptions {
  readonly sandbox: Sandbox
  readonly container: Container
  readonly log: (line: string) => void
}

export type Runtime = (options: StartOptions) => ContainerRun

/** Value of an environment variable that the pod spec states; references are not followed. */
export function envOf(container: Container, name: string): string | undefined {
  return container.env?.find((entry) => entry.name === name)?.value
}
