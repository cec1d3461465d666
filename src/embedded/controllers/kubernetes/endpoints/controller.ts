import { isDeepStrictEqual } from 'node:util'

import { endpointSlices, type ObjectRef } from '../../../../contract/kinds.ts'
import type { Pod, Service } from '../../../../contract/objects.ts'
import { isInvalid } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { seconds } from '../../runtime/conditions.ts'
import { type Controller, createController, type Result } from '../../runtime/controller.ts'
import { refOf } from '../../runtime/keys.ts'
import type { Change, Store } from '../../runtime/store.ts'
import { kubeControllerManager } from '../stateful-set/controller.ts'
import { type EndpointSlice, managedBy, sliceContent, sliceMetadata } from './slice.ts'

export interface EndpointsContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly services: Store<Service>
  readonly pods: Store<Pod>
  readonly slices: Store<EndpointSlice>
  readonly log: (line: string) => void
}

/**
 * Keeps one EndpointSlice for each Service with a selector. A real API server refuses slices with loopback addresses, which
 * is what simulated pods may have: such a refusal (422) is passed over in silence.
 */
export function startEndpointsController(context: EndpointsContext): Controller {
  const controller = createController({
    name: 'endpointslice',
    clock: context.clock,
    // Slices matter to nobody in a hurry; one at a time also lets changes of many pods of a Service become one write.
    concurrency: 1,
    reconcile: (ref) => reconcileService(context, ref),
    log: context.log,
  })
  context.services.onChange(({ before, after }) => {
    if (after === undefined || isDeepStrictEqual(before?.spec, after.spec)) return
    controller.enqueue(refOf(after))
  })
  context.pods.onChange((change) => {
    const pod = change.after ?? change.before
    if (pod === undefined || !concerns(change)) return
    for (const service of context.services.inNamespace(pod.metadata.namespace ?? ''))
      if (selects(service, pod)) controller.enqueue(refOf(service))
  })
  return controller
}

async function reconcileService(context: EndpointsContext, ref: ObjectRef): Promise<Result> {
  const service = context.services.get(ref)
  if (service === undefined || service.metadata.deletionTimestamp !== undefined) return {}
  if (service.spec.selector === undefined) return {}
  const pods = context.pods
    .inNamespace(service.metadata.namespace ?? '')
    .filter((pod) => selects(service, pod))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const content = sliceContent(service, pods)
  try {
    await writeSlice(context, service, content)
  } catch (error) {
    if (!isInvalid(error)) throw error
  }
  return {}
}

async function writeSlice(
  context: EndpointsContext,
  service: Service,
  content: Pick<EndpointSlice, 'endpoints' | 'ports'>,
): Promise<void> {
  const live = context.slices
    .ownedBy(service.metadata.uid ?? '')
    .find((slice) => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === managedBy)
  const fieldManager = kubeControllerManager
  if (live === undefined) {
    const metadata = sliceMetadata(service, seconds(context.clock.now()))
    const slice: EndpointSlice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      ...content,
    }
    context.slices.note(await context.kube.create(endpointSlices, slice, { fieldManager }))
  } else if (
    !isDeepStrictEqual(live.endpoints ?? null, content.endpoints) ||
    !isDeepStrictEqual(live.ports ?? null, content.ports)
  ) {
    const options = { type: 'merge', fieldManager } as const
    context.slices.note(await context.kube.patch(endpointSlices, refOf(live), content, options))
  }
}

function selects(service: Service, pod: Pod): boolean {
  const { selector } = service.spec
  const labels = pod.metadata.labels ?? {}
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value)
}

/** A pod's phase, address, readiness, labels and end are all that its Services' slices tell. */
function concerns({ before, after }: Change<Pod>): boolean {
  if (before === undefined || after === undefined) return true
  return !isDeepStrictEqual(facts(before), facts(after))
}

function facts(pod: Pod): unknown[] {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready')?.status
  const { labels, deletionTimestamp } = pod.metadata
  return [pod.status?.phase, pod.status?.podIP, pod.spec.nodeName, ready, labels, deletionTimestamp]
}
