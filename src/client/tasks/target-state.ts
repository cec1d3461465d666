import type { Place } from '../../contract/kinds.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { podName } from '../../contract/names.ts'
import type { ContainerStatus, Pod } from '../../contract/objects.ts'
import type { TargetState } from '../../contract/tasks.ts'
import type { ClientContext } from '../context.ts'

/** The seid container of a node's pod. */
export function seidOf(pod: Pod | undefined): ContainerStatus | undefined {
  return pod?.status?.containerStatuses?.find(({ name }) => name === 'seid')
}

export function isReady(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** What the watches show of a node and its pod. */
export function readTarget({ watches }: ClientContext, { namespace, name }: Place): TargetState {
  const { nodes, pods } = watches.of(namespace)
  const node = nodes.get({ namespace, name })
  const pod = pods.get({ namespace, name: podName(name) })
  return { ...stateOfNode(node), pod: pod === undefined ? undefined : stateOfPod(pod) }
}

function stateOfNode(node: SeiNode | undefined): TargetState {
  if (node === undefined) return {}
  const { spec, status } = node
  return { phase: status?.phase, paused: spec.paused, image: spec.image, currentImage: status?.currentImage }
}

function stateOfPod(pod: Pod): NonNullable<TargetState['pod']> {
  const seid = seidOf(pod)
  const ended = seid?.state?.terminated ?? seid?.lastState?.terminated
  return {
    uid: pod.metadata.uid ?? '',
    phase: pod.status?.phase,
    ready: isReady(pod),
    restartCount: seid?.restartCount ?? 0,
    waiting: seid?.state?.waiting?.reason,
    lastExitCode: ended?.exitCode,
  }
}

/** In a few words, for a message. */
export function describeTarget({ phase, paused, currentImage, pod }: TargetState): string {
  const parts = [
    `phase ${phase ?? 'unknown'}`,
    ...(paused === true ? ['paused'] : []),
    ...(currentImage === undefined ? [] : [`image ${currentImage}`]),
    pod === undefined
      ? 'no pod'
      : `pod ${pod.phase ?? 'without phase'}${pod.ready ? ', Ready' : ', not Ready'}, seid restarted ${pod.restartCount} times`,
    ...(pod?.waiting === undefined ? [] : [`seid waits: ${pod.waiting}`]),
    ...(pod?.lastExitCode === undefined ? [] : [`seid last exited ${pod.lastExitCode}`]),
  ]
  return parts.join(', ')
}
