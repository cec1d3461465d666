import type { KubeObject } from '../../../contract/objects.ts'
import { type Controller, createController } from '../runtime/controller.ts'
import { refOf } from '../runtime/keys.ts'
import { controllerOf } from '../runtime/owners.ts'
import type { Change, Store } from '../runtime/store.ts'
import type { NodeContext } from './context.ts'
import { createNodeIds } from './node-ids.ts'
import { reconcileNode } from './reconcile.ts'

/** Nodes reconciled at once; the real controller does one after the other, which here would only cost time. */
const concurrency = 16

/** Runs SeiNodes and the workflows aimed at them: woken by the specs of both and by what nodes own, else by the controller's own cadences. */
export function startNodeController(context: NodeContext): Controller {
  const nodeIds = createNodeIds(context.sidecar, context.services)
  const controller = createController({
    name: 'seinode',
    clock: context.clock,
    concurrency,
    reconcile: (ref) => reconcileNode(context, nodeIds, ref),
    log: context.log,
  })
  context.nodes.onChange(({ before, after }) => {
    if (after === undefined || before?.metadata.generation === after.metadata.generation) return
    controller.enqueue(refOf(after))
  })
  const wakeOwner = <T extends KubeObject>(store: Store<T>): void =>
    store.onChange((change: Change<T>) => {
      const object = change.after ?? change.before
      const owner = object === undefined ? undefined : controllerOf(object)
      if (object === undefined || owner?.kind !== 'SeiNode') return
      controller.enqueue({ namespace: object.metadata.namespace, name: owner.name })
    })
  context.workflows.onChange(({ before, after }) => {
    const workflow = after ?? before
    if (workflow === undefined || before?.metadata.generation === after?.metadata.generation) return
    const { metadata, spec } = workflow
    controller.enqueue({ namespace: metadata.namespace, name: spec.target.nodeRef.name })
    if (after === undefined) context.stopwatches.forget(metadata.uid ?? '')
  })
  wakeOwner(context.statefulSets)
  wakeOwner(context.services)
  wakeOwner(context.claims)
  return controller
}
