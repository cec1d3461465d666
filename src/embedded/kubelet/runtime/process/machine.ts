import type { Pod } from '../../../../contract/objects.ts'

/** What programs get of this process's own environment. Nothing else is handed down: above all no keys and no tokens. */
const handedDown = ['PATH', 'LANG', 'LC_ALL', 'TZ'] as const

/** Names that are on this machine, and so never behind the proxy. */
const own = '127.0.0.1,localhost,::1'

/** What a pod has on this machine. */
export interface PodSurroundings {
  /** Of the pod's account; undefined for a pod that wants no token. */
  readonly kubeconfig: string | undefined
  readonly proxy: string
  readonly home: string
  readonly tmp: string
}

/** What every container finds in its environment before its spec is looked at. */
export function machineEnvironment(pod: Pod, surroundings: PodSurroundings): Record<string, string> {
  const { home, tmp, kubeconfig, proxy } = surroundings
  const inherited = handedDown.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    TMPDIR: tmp,
    HOSTNAME: pod.metadata.name,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    no_proxy: own,
    NO_PROXY: own,
    NODE_USE_ENV_PROXY: '1',
  }
}

/** The API server's Service, as the kubelet tells of it. References in a spec may name these. */
export function serviceEnvironment(server: string): Record<string, string> {
  const { hostname, port, protocol } = new URL(server)
  const used = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  const address = `tcp://${hostname}:${used}`
  return {
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: used,
    KUBERNETES_SERVICE_PORT_HTTPS: used,
    KUBERNETES_PORT: address,
  }
}
