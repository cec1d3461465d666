import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { type Controller, createController } from '../runtime/controller.ts'
import { refOf } from '../runtime/keys.ts'
import { controllerOf } from '../runtime/owners.ts'
import type { Change } from '../runtime/store.ts'
import type { NetworkContext } from './context.ts'
import { reconcileNetwork } from './reconcile.ts'

const concurrency = 8

/** Runs SeiNetworks: woken by their specs, by what they own, and by their children's phases. */
export function startNetworkController(context: NetworkContext): Controller {
  const controller = createController({
    name: 'seinetwork',
    clock: context.clock,
    concurrency,
    reconcile: (ref) => reconcileNetwork(context, ref),
    log: context.log,
  })
  context.networks.onChange(({ before, after }) => {
    if (after === undefined || before?.metadata.generation === after.metadata.generation) return
    controller.enqueue(refOf(after))
  })
  context.nodes.onChange((change) => {
    const node = change.after ?? change.before
    const owner = node === undefined ? undefined : controllerOf(node)
    if (node === undefined || owner?.kind !== 'SeiNetwork' || !matters(change)) return
    controller.enqueue({ namespace: node.metadata.namespace, name: owner.name })
  })
  context.services.onChange((change) => {
    const service = change.after ?? change.before
    const owner = service === undefined ? undefined : controllerOf(service)
    if (service === undefined || owner?.kind !== 'SeiNetwork') return
    controller.enqueue({ namespace: service.metadata.namespace, name: owner.name })
  })
  return controller
}

/** Not every status write of a child: those of its retries would run over the network's own back-off. */
function matters({ before, after }: Change<SeiNode>): boolean {
  if (before === undefined || after === undefined) return true
  return (
    before.metadata.generation !== after.metadata.generation || before.status?.phase !== after.status?.phase
  )
}
