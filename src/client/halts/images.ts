import { isConfigMap } from '../../contract/check-halt-options.ts'
import type { HaltOptions } from '../../contract/halt-actions.ts'
import { configMaps } from '../../contract/kinds.ts'
import type { ConfigMap } from '../../contract/objects.ts'
import type { KubeClient } from '../../kube/types.ts'

/** Which image has which upgrade plan, as it stands now. */
export interface PlanImages {
  of(plan: string): string | undefined
  close(): void
}

/** A ConfigMap is watched: the answer has to be there in the moment of the halt. */
export function planImages(
  kube: KubeClient,
  namespace: string,
  images: NonNullable<HaltOptions['images']>,
): PlanImages {
  if (!isConfigMap(images)) {
    const fixed = images as Readonly<Record<string, string>>
    return { of: (plan) => (Object.hasOwn(fixed, plan) ? fixed[plan] : undefined), close: () => {} }
  }
  const { configMap: name } = images
  const watch = kube.watch<ConfigMap>(configMaps, { namespace, fieldSelector: `metadata.name=${name}` })
  return {
    of: (plan) => watch.get({ namespace, name })?.data?.[plan]?.trim(),
    close: () => watch.close(),
  }
}
