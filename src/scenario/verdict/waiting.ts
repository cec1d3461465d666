import type { KubeEvent, Pod } from '../../contract/objects.ts'
import type { ReadinessBudget } from '../../contract/defaults.ts'
import { findInPod, type Finding } from '../../client/pod-findings.ts'

const unstartable = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])

/**
 * What keeps a step's pod from starting, and for how long that may go on. A missing ConfigMap or Secret heals where a parallel
 * step still has to write it: it gets the patience of a slow image pull.
 */
export function waitingFor(
  pod: Pod,
  events: readonly KubeEvent[],
  budget: ReadinessBudget,
): Finding | undefined {
  const own = events.filter(({ involvedObject }) => involvedObject.name === pod.metadata.name)
  const found = findInPod(pod, own, budget)
  if (found === undefined || found.graceMs !== Infinity) return found
  const waits = pod.status?.containerStatuses?.some(({ state }) =>
    unstartable.has(state?.waiting?.reason ?? ''),
  )
  return waits === true ? { ...found, graceMs: budget.imagePullMs } : undefined
}
