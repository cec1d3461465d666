import { seiNetworks } from '../../contract/kinds.ts'
import { stepFieldManagers } from '../../contract/labels.ts'
import type { StepContext } from './step.ts'

export interface SetImageOptions {
  /** Name of the SeiNetwork. */
  readonly network: string
  readonly image: string
}

/** Changes the image of a SeiNetwork, in one write; its controller brings it to every validator. Does not wait for that. */
export async function runSetImage(step: StepContext, { network, image }: SetImageOptions): Promise<void> {
  const { cluster, identity, say } = step
  const ref = { namespace: identity.namespace, name: network }
  await cluster.kube.patch(
    seiNetworks,
    ref,
    { spec: { image } },
    { type: 'merge', fieldManager: stepFieldManagers.setImage },
  )
  say(`SeiNetwork ${network} has image ${image}`)
}
