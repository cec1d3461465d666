import { pods } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { refOf } from '../../runtime/keys.ts'
import type { WorkflowContext } from './context.ts'

/** What branch expressions can speak of. The keys are in this order on the node. */
export interface PodContext {
  /** Left out when the pod is gone. */
  readonly exitCode?: number
  /** The whole log without the white space around it; it holds stderr too. */
  readonly stdout: string
}

/** Reads what is left of a pod that has ended. Throws when its container has no exit code or no log. */
export async function collectContext(
  { kube }: WorkflowContext,
  pod: Pod,
  container: string,
): Promise<PodContext> {
  const ref = refOf(pod)
  const live = await kube.find<Pod>(pods, ref)
  const exitCode = live === undefined ? {} : { exitCode: exitCodeOf(live, container) }
  const log = await kube.logs(ref, { container })
  return { ...exitCode, stdout: log.trim() }
}

function exitCodeOf({ metadata, status }: Pod, container: string): number {
  const found = status?.containerStatuses?.find(({ name }) => name === container)
  if (found === undefined) throw new Error(`pod ${metadata.name} has no container ${container}`)
  const { terminated } = found.state ?? {}
  if (terminated === undefined)
    throw new Error(`container ${container} of pod ${metadata.name} has not terminated`)
  return terminated.exitCode
}
