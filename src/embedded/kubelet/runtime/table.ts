import { inert, signalled } from './inert.ts'
import { seidInit } from './seid-init.ts'
import { seid } from './seid.ts'
import { seiSidecar } from './sei-sidecar.ts'
import type { Runtime } from './types.ts'

/** What runs in a Sei node's pod, by container name. The proxy's work is done by the sidecar's own listener. */
const runtimes: ReadonlyMap<string, Runtime> = new Map([
  ['seid-init', seidInit],
  ['sei-sidecar', seiSidecar],
  ['kube-rbac-proxy', inert(0)],
  ['seid', seid],
  ['cosmos-exporter', inert(signalled.SIGTERM)],
])

/** Label that only pods of SeiNodes carry. */
const seiNodeLabel = 'sei.io/node'

/**
 * How a container is run. Containers of pods that belong to no SeiNode are inert: they count as started, log nothing
 * and run until the pod is deleted. An init container of such a pod completes at once, so that the pod gets on.
 */
export function runtimeFor(
  labels: Readonly<Record<string, string>> | undefined,
  name: string,
  kind: 'init' | 'sidecar' | 'main',
): Runtime {
  const own = labels?.[seiNodeLabel] === undefined ? undefined : runtimes.get(name)
  return own ?? (kind === 'init' ? completes : inert(signalled.SIGTERM))
}

const completes: Runtime = () => ({ exited: Promise.resolve({ exitCode: 0 }), kill: () => undefined })
