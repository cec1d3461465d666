import { pods as podType, type ObjectRef } from '../../../../contract/kinds.ts'
import type { Pod, StatefulSet } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { isAlreadyExists } from '../../../../kube/errors.ts'
import type { Clock } from '../../../clock.ts'
import { type Controller, createController, type Result } from '../../runtime/controller.ts'
import type { EventRecorder } from '../../runtime/events.ts'
import { refOf } from '../../runtime/keys.ts'
import { controllerOf } from '../../runtime/owners.ts'
import { writeStatus } from '../../runtime/status-writer.ts'
import type { Store } from '../../runtime/store.ts'
import { hasEnded, isReady, isTerminating, ordinalOf, podOf, revisionLabel } from './pod.ts'
import { createRevisionNames } from './revision.ts'
import { statusOf } from './status.ts'
import { errorText } from '../../../../errors/error-text.ts'

export interface StatefulSetContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly statefulSets: Store<StatefulSet>
  readonly pods: Store<Pod>
  readonly events: EventRecorder
  readonly log: (line: string) => void
}

export const kubeControllerManager = 'kube-controller-manager'
const concurrency = 16

/**
 * A StatefulSet controller: makes missing pods at the newest revision, removes those beyond `replicas` and those that have
 * ended, replaces outdated ones unless the set leaves that to somebody else (OnDelete), and counts. It makes no volume claims.
 */
export function startStatefulSetController(context: StatefulSetContext): Controller {
  const revisionOf = createRevisionNames()
  const controller = createController({
    name: 'statefulset',
    clock: context.clock,
    concurrency,
    reconcile: (ref) => reconcileStatefulSet(context, revisionOf, ref),
    log: context.log,
  })
  context.statefulSets.onChange(({ before, after }) => {
    if (after === undefined || before?.metadata.generation === after.metadata.generation) return
    controller.enqueue(refOf(after))
  })
  context.pods.onChange((change) => {
    const pod = change.after ?? change.before
    const owner = pod === undefined ? undefined : controllerOf(pod)
    if (pod === undefined || owner?.kind !== 'StatefulSet') return
    controller.enqueue({ namespace: pod.metadata.namespace, name: owner.name })
  })
  return controller
}

async function reconcileStatefulSet(
  context: StatefulSetContext,
  revisionOf: (set: StatefulSet) => string,
  ref: ObjectRef,
): Promise<Result> {
  const set = context.statefulSets.get(ref)
  if (set === undefined || set.metadata.deletionTimestamp !== undefined) return {}
  const revision = revisionOf(set)
  const wanted = set.spec.replicas ?? 1
  for (const pod of podsOf(context, set)) await removeUnwanted(context, set, pod, wanted)
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) await ensurePod(context, set, ordinal, revision)
  await rollOne(context, set, revision, wanted)
  const status = statusOf(set, podsOf(context, set), revision)
  await writeStatus(context.kube, context.statefulSets, set, status, kubeControllerManager)
  return {}
}

function podsOf(context: StatefulSetContext, set: StatefulSet): Pod[] {
  return context.pods.ownedBy(set.metadata.uid ?? '').filter((pod) => ordinalOf(set, pod) !== undefined)
}

async function removeUnwanted(
  context: StatefulSetContext,
  set: StatefulSet,
  pod: Pod,
  wanted: number,
): Promise<void> {
  if (isTerminating(pod)) return
  const { name, uid } = pod.metadata
  const excess = (ordinalOf(set, pod) ?? 0) >= wanted
  if (!excess && !hasEnded(pod)) return
  if (!excess) {
    const { namespace } = set.metadata
    const message = `StatefulSet ${namespace}/${set.metadata.name} is recreating failed Pod ${name}`
    context.events.event(set, 'Warning', 'RecreatingFailedPod', message)
  }
  const left = await context.kube.delete<Pod>(podType, refOf(pod), { uid })
  if (left !== undefined) context.pods.note(left)
  if (excess) record(context, set, 'SuccessfulDelete', 'Delete', name)
}

/** Does nothing while a pod of that name is still on its way out: its DELETED event comes back here. */
async function ensurePod(
  context: StatefulSetContext,
  set: StatefulSet,
  ordinal: number,
  revision: string,
): Promise<void> {
  const pod = podOf(set, ordinal, revision)
  if (context.pods.get(refOf(pod)) !== undefined) return
  try {
    context.pods.note(await context.kube.create(podType, pod, { fieldManager: kubeControllerManager }))
  } catch (error) {
    if (isAlreadyExists(error)) return
    const reason = errorText(error)
    const { name } = set.metadata
    const message = `Create Pod ${pod.metadata.name} in StatefulSet ${name} failed error: ${reason}`
    context.events.event(set, 'Warning', 'FailedCreate', message)
    throw error
  }
  record(context, set, 'SuccessfulCreate', 'Create', pod.metadata.name)
}

/** One step of a RollingUpdate: while all pods are ready, the outdated one of the highest ordinal goes. */
async function rollOne(
  context: StatefulSetContext,
  set: StatefulSet,
  revision: string,
  wanted: number,
): Promise<void> {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? { type: 'OnDelete' }
  const pods = podsOf(context, set)
  if (type === 'OnDelete' || pods.length !== wanted) return
  if (pods.some((pod) => isTerminating(pod) || !isReady(pod))) return
  const partition = rollingUpdate?.partition ?? 0
  const [outdated] = pods
    .filter((pod) => pod.metadata.labels?.[revisionLabel] !== revision)
    .map((pod) => ({ pod, ordinal: ordinalOf(set, pod) ?? 0 }))
    .filter(({ ordinal }) => ordinal >= partition)
    .toSorted((a, b) => b.ordinal - a.ordinal)
  if (outdated === undefined) return
  const { name, uid } = outdated.pod.metadata
  const left = await context.kube.delete<Pod>(podType, refOf(outdated.pod), { uid })
  if (left !== undefined) context.pods.note(left)
  record(context, set, 'SuccessfulDelete', 'Delete', name)
}

function record(
  context: StatefulSetContext,
  set: StatefulSet,
  reason: string,
  verb: string,
  pod: string,
): void {
  const message = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name} successful`
  context.events.event(set, 'Normal', reason, message)
}
