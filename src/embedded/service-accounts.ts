import { namespaces, serviceAccounts } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { isAlreadyExists } from '../kube/errors.ts'
import type { KubeClient } from '../kube/types.ts'

/**
 * Gives every namespace the ServiceAccount that pods of nodes name. On a real cluster the platform's own set-up does that;
 * an API server with ServiceAccount admission refuses the pods without.
 */
export function provideServiceAccounts(kube: KubeClient, name: string): { close(): void } {
  const watch = kube.watch<KubeObject>(namespaces)
  const stop = watch.subscribe(({ type, object: { metadata } }) => {
    if (type !== 'ADDED' || metadata.deletionTimestamp !== undefined) return
    create(kube, { name, namespace: metadata.name }).catch((error: unknown) => {
      console.error(`no ServiceAccount ${name} in namespace ${metadata.name}: ${String(error)}`)
    })
  })
  return {
    close() {
      stop()
      watch.close()
    },
  }
}

async function create(kube: KubeClient, metadata: KubeObject['metadata']): Promise<void> {
  const { namespace, name } = metadata
  if ((await kube.find(serviceAccounts, { namespace, name })) !== undefined) return
  try {
    await kube.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
