import type { ContainerStatus, Pod } from '../contract/objects.ts'
import type { KubeClient } from '../kube/types.ts'
import type { Item } from './item.ts'

/** Helpers of every pod that say nothing while they work: left out of the capture of a pod that never had trouble. */
const quiet = new Set(['kube-rbac-proxy', 'cosmos-exporter', 'seid-init'])
/** Per container; the newest end of a longer log is kept. */
const limitBytes = 8 * 1024 * 1024
const tailLines = 50_000

/** Current and previous logs of every container that has any. */
export function logItems(kube: KubeClient, pods: readonly Pod[]): Item[] {
  return pods.flatMap((pod) => {
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
    const calm = statuses.every(isCalm)
    return statuses.flatMap((status) =>
      calm && quiet.has(status.name) ? [] : containerItems(kube, pod, status),
    )
  })
}

function containerItems(kube: KubeClient, pod: Pod, status: ContainerStatus): Item[] {
  const { name, namespace } = pod.metadata
  const ref = namespace === undefined ? { name } : { name, namespace }
  const item = (file: string, previous: boolean): Item => ({
    path: `logs/${name}/${file}.log`,
    read: (signal) =>
      kube.logs(ref, { container: status.name, previous, tailLines, limitBytes, timestamps: true, signal }),
  })
  const items: Item[] = []
  if (hasRun(status)) items.push(item(status.name, false))
  if (status.restartCount > 0) items.push(item(`${status.name}.previous`, true))
  return items
}

/** A container that only ever waited (image pull, scheduling) has no log to ask for. */
function hasRun({ state, lastState }: ContainerStatus): boolean {
  return (
    state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined
  )
}

function isCalm({ restartCount, state, lastState }: ContainerStatus): boolean {
  const failed = (state?.terminated?.exitCode ?? 0) !== 0 || lastState?.terminated !== undefined
  return restartCount === 0 && !failed && state?.waiting === undefined
}
