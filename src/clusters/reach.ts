import { services } from '../contract/kinds.ts'
import { annotations } from '../contract/labels.ts'
import { parseServiceUrl } from '../contract/names.ts'
import type { Service } from '../contract/objects.ts'
import type { KubeClient, Watch } from '../kube/types.ts'

/** Longest wait for a Service and its loopback address, in ms: a watch that breaks on the way has to be opened again. */
const waitMs = 30_000

/**
 * Reaches Services of a cluster whose kubelet is ours: it writes on each the loopback addresses that answer for it. One
 * watch of all Services serves every question; it begins with the first. Throws WAIT_TIMEOUT when no address appears,
 * RUN_CANCELLED on `signal`.
 */
export function createReach(kube: KubeClient): {
  reach(url: string, signal?: AbortSignal): Promise<string>
  close(): void
} {
  let watch: Watch<Service> | undefined
  return {
    async reach(url, signal) {
      const target = parseServiceUrl(url)
      if (target === undefined) return url
      watch ??= kube.watch<Service>(services)
      const { scheme, service, namespace, port, path } = target
      const open = watch
      const address = await open.waitFor(() => loopbackOf(open.get({ namespace, name: service }), port), {
        timeoutMs: waitMs,
        description: `loopback address of ${service}.${namespace}:${port}`,
        ...(signal === undefined ? {} : { signal }),
      })
      return `${scheme}://${address}${path}`
    },
    close: () => watch?.close(),
  }
}

function loopbackOf(service: Service | undefined, port: number): string | undefined {
  const value = service?.metadata.annotations?.[annotations.loopback]
  if (value === undefined) return undefined
  const addresses = JSON.parse(value) as Record<string, string>
  return addresses[port]
}
