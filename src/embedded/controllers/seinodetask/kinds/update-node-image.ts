import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import { apiVersionOf, seiNodes } from '../../../../contract/kinds.ts'
import { fieldManagers } from '../../../../contract/labels.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { TaskKind } from '../kind.ts'

/** What is applied: one field, so that the controller takes over no other. */
interface ImageOnly extends KubeObject {
  readonly spec: Pick<SeiNode['spec'], 'image'>
}

/**
 * Takes over `spec.image` of the target, whoever owned it, and is done once the node says that it runs that image: no look at
 * whether it does so in good health.
 */
export const updateNodeImage: TaskKind = {
  payload: 'updateNodeImage',
  async execute({ context, task, target }) {
    const { name, namespace = '' } = target.metadata
    const applied: ImageOnly = {
      apiVersion: apiVersionOf(seiNodes),
      kind: seiNodes.kind,
      metadata: { name, namespace },
      spec: { image: task.spec.updateNodeImage?.image ?? '' },
    }
    await context.kube.apply(seiNodes, applied, { fieldManager: fieldManagers.task, force: true })
  },
  look({ task, target }) {
    const image = task.spec.updateNodeImage?.image
    return Promise.resolve(
      image !== undefined && target.status?.currentImage === image
        ? { state: 'complete', outputs: { updateNodeImage: { appliedImage: image } } }
        : { state: 'running' },
    )
  },
}
