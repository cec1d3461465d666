/** Paths inside a Sei pod. */
export const paths = {
  home: '/home/nonroot',
  data: '/home/nonroot/.sei',
  tmp: '/tmp',
  proxyConfig: '/etc/kube-rbac-proxy',
  healthz: '/v0/healthz',
  livez: '/v0/livez',
} as const

/** User and group of every process in a Sei pod. */
export const nonRoot = 65532

/** Security context of a container; the helpers' root file system is read-only, seid's is not. */
export function securityContext(readOnly: boolean): Record<string, unknown> {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    ...(readOnly ? { readOnlyRootFilesystem: true } : {}),
    runAsGroup: nonRoot,
    runAsNonRoot: true,
    runAsUser: nonRoot,
    seccompProfile: { type: 'RuntimeDefault' },
  }
}
