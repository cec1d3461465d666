import { pathOf, pods } from '../../contract/kinds.ts'
import type { Pod } from '../../contract/objects.ts'
import type { KubeClient, Watch } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import type { PodFaults } from '../faults.ts'
import { timestamp, type EventRecorder } from './recorder.ts'
import { claimNames, type Claim, type Volumes } from './volumes.ts'
import { errorText } from '../../errors/error-text.ts'

export interface SchedulerOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly pods: Watch<Pod>
  readonly volumes: Volumes
  readonly recorder: EventRecorder
  readonly nodeName: string
  readonly faultsOf: (pod: Pod) => PodFaults
}

/** Simulated time from a bound volume to the pod's binding. */
const bindMs = 900

/**
 * Binds every pending pod to the one node, as soon as its claims exist and are bound. Resources, affinity and
 * tolerations are not looked at: the node counts as fit for all. A pod whose claim is missing is first reported
 * unschedulable, as on a real cluster, where a StatefulSet's pod is seen before its claim.
 */
export function startScheduler(options: SchedulerOptions): { close(): void } {
  const waiting = new Map<string, Pod>()
  const busy = new Set<string>()

  const consider = (pod: Pod): void => {
    const uid = pod.metadata.uid ?? ''
    if (busy.has(uid)) return
    const verdict = judge(options, pod)
    if (typeof verdict === 'string') {
      if (!waiting.has(uid)) void reject(options, pod, verdict)
      waiting.set(uid, pod)
      return
    }
    waiting.delete(uid)
    busy.add(uid)
    bind(options, pod, verdict)
      .catch((error: unknown) => {
        const message = errorText(error)
        options.recorder.record(pod, 'Warning', 'FailedScheduling', `binding rejected: ${message}`)
      })
      .finally(() => busy.delete(uid))
  }

  const stopPods = options.pods.subscribe(({ type, object }) => {
    const { uid = '', deletionTimestamp } = object.metadata
    const pending =
      type !== 'DELETED' && object.spec.nodeName === undefined && deletionTimestamp === undefined
    if (pending) consider(object)
    else waiting.delete(uid)
  })
  const stopClaims = options.volumes.onChange(() => {
    for (const pod of waiting.values()) consider(pod)
  })
  return {
    close() {
      stopPods()
      stopClaims()
    },
  }
}

/** The claims to bind, or why the pod cannot be placed. */
function judge({ volumes, faultsOf }: SchedulerOptions, pod: Pod): Claim[] | string {
  if (faultsOf(pod).unschedulable) return '0/1 nodes are available: 1 Insufficient memory.'
  const claims: Claim[] = []
  for (const name of claimNames(pod)) {
    const claim = volumes.claim(pod.metadata.namespace, name)
    if (claim === undefined)
      return `0/1 nodes are available: persistentvolumeclaim "${name}" not found. not found`
    claims.push(claim)
  }
  return claims
}

async function reject({ kube, clock, recorder }: SchedulerOptions, pod: Pod, message: string): Promise<void> {
  recorder.record(pod, 'Warning', 'FailedScheduling', message)
  const { name, namespace, uid, generation } = pod.metadata
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastProbeTime: null,
    lastTransitionTime: timestamp(clock.now()),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
  const patch = { metadata: { uid }, status: { conditions: [condition] } }
  try {
    await kube.patch(pods, { namespace, name }, patch, { type: 'merge', subresource: 'status' })
  } catch {
    // The pod is gone, or was replaced: nothing is left to report on.
  }
}

async function bind(options: SchedulerOptions, pod: Pod, claims: readonly Claim[]): Promise<void> {
  const { kube, clock, nodeName } = options
  const { name, namespace = 'default', uid } = pod.metadata
  const fresh = claims.some((claim) => claim.status?.phase !== 'Bound')
  await Promise.all(claims.map((claim) => options.volumes.bind(claim, pod)))
  if (fresh) await clock.sleep(bindMs)
  await kube.request('POST', pathOf(pods, { namespace, name, subresource: 'binding' }), {
    body: {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
    },
  })
  options.recorder.record(
    pod,
    'Normal',
    'Scheduled',
    `Successfully assigned ${namespace}/${name} to ${nodeName}`,
  )
}
