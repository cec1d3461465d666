import { ports } from './ports.ts'

/**
 * Longest node name that still gets a pod: a StatefulSet's pods carry the label
 * `controller-revision-hash = <node>-<10 character hash>`, and a label value ends at 63.
 */
export const maxNodeNameLength = 52
export const maxLabelLength = 63
export const maxChainIdLength = 64

/** Chain ids that real value hangs on; the harness never makes a network of that name. */
export const publicChainIds: readonly string[] = ['pacific-1', 'atlantic-2', 'arctic-1']

/** What the CRDs accept as a chain id or Secret name: no dots, may start with a digit. */
export const dns1: RegExp = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
/** What Kubernetes accepts as a Service name: must begin with a letter. */
export const dns1035: RegExp = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

export function validatorName(network: string, ordinal: number): string {
  return `${network}-${ordinal}`
}

/** RPC followers of a network, by the suites' convention. */
export function followerName(network: string, ordinal: number): string {
  return `${network}-rpc-${ordinal}`
}

export function podName(node: string): string {
  return `${node}-0`
}

export function dataClaimName(node: string): string {
  return `data-${node}`
}

export function proxyConfigName(node: string): string {
  return `${node}-rbac-proxy-config`
}

export function aggregateServiceName(network: string): string {
  return `${network}-internal`
}

/** In-cluster host name of a pod's Service, without the cluster domain, as `.status` publishes it. */
function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc`
}

function podHost(node: string, namespace: string): string {
  return `${podName(node)}.${node}.${namespace}.svc.cluster.local`
}

export function p2pAddress(node: string, namespace: string): string {
  return `${podHost(node, namespace)}:${ports.p2p}`
}

export function sidecarUrl(node: string, namespace: string): string {
  return `http://${podHost(node, namespace)}:${ports.api}`
}

export function serviceUrl(
  service: string,
  namespace: string,
  port: number,
  scheme: 'http' | 'ws' = 'http',
): string {
  return `${scheme}://${serviceHost(service, namespace)}:${port}`
}

/** A published URL taken apart: which Service, where, and which port. `undefined` for any other URL. */
export function parseServiceUrl(
  url: string,
): { scheme: string; service: string; namespace: string; port: number; path: string } | undefined {
  const match =
    /^(https?|wss?):\/\/(?:[a-z0-9-]+\.)?([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?:(\d{1,5})(\/.*)?$/.exec(
      url,
    )
  if (match === null) return undefined
  const [, scheme = '', service = '', namespace = '', port = '', path = ''] = match
  return { scheme, service, namespace, port: Number(port), path }
}
