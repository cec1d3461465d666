import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { SeiError } from '../errors/sei-error.ts'
import { isNotFound } from '../kube/errors.ts'
import type { KubeClient } from '../kube/types.ts'

/**
 * Checks that the cluster serves the Sei kinds this run creates, before anything is created.
 * Throws PREFLIGHT_FAILED naming what is missing.
 */
export async function preflight({ kube }: { readonly kube: KubeClient }): Promise<void> {
  const needed = [seiNetworks, seiNodes]
  const served = await servedKinds(kube)
  const missing = needed.filter(({ plural }) => !served.has(plural))
  if (missing.length === 0) return
  throw new SeiError(
    `the cluster at ${kube.info.server} does not serve ${missing.map(({ plural }) => `${plural}.sei.io`).join(', ')}`,
    {
      class: 'infra',
      code: 'PREFLIGHT_FAILED',
      hint: 'install sei-k8s-controller and its CRDs there, or choose another context',
    },
  )
}

async function servedKinds(kube: KubeClient): Promise<ReadonlySet<string>> {
  try {
    const list = await kube.request<{ resources: { name: string }[] }>('GET', '/apis/sei.io/v1alpha1')
    return new Set(list.resources.map(({ name }) => name))
  } catch (error) {
    if (isNotFound(error)) return new Set()
    throw error
  }
}
