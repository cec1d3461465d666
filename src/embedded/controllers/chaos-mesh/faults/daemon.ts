import { Agent, request as httpsRequest } from 'node:https'
import { nodes } from '../../../../contract/kinds.ts'
import type { KubeObject, Pod } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { ownAgent } from '../../../open-requests.ts'

/** What the node of a pod answers: `note` where it does not simulate what was asked for. */
export interface DaemonAnswer {
  readonly note?: string
}

/** What stands for Chaos Mesh's daemon: the door of a simulated node to the processes and links of its pods. */
export interface Daemon {
  /** Kills a container. Throws where there is no such node, pod or container. */
  kill(pod: Pod, container: string): Promise<DaemonAnswer>
  /** Cuts a pod off from others on behalf of `source`, in place of what was cut for it before; from none heals. */
  cut(pod: Pod, source: string, peers: readonly Peer[]): Promise<DaemonAnswer>
  close(): void
}

/** A pod at the other end of a link. */
export interface Peer {
  readonly namespace: string
  readonly name: string
}

interface Node extends KubeObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[]
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } }
    readonly nodeInfo?: { readonly kubeletVersion?: string }
  }
}

const limitMs = 5_000

/** Asks the kubelets of simulated nodes, over the HTTPS that they serve logs by. */
export function createDaemon(kube: KubeClient): Daemon {
  // A kubelet's certificate is its own; it listens on loopback, where nobody else can answer for it.
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  const ask = async (pod: Pod, path: string, body: unknown): Promise<DaemonAnswer> => {
    const { namespace = '', name } = pod.metadata
    const door = await doorOf(kube, pod)
    const token = kube.info.token ?? ''
    return post(agent, { ...door, path: `/chaos/${namespace}/${name}/${path}` }, token, body)
  }
  return {
    kill: (pod, container) => ask(pod, `kill/${container}`, {}),
    cut: (pod, source, peers) => ask(pod, 'cut', { source, peers }),
    close: () => agent.destroy(),
  }
}

interface Door {
  readonly host: string
  readonly port: number
}

async function doorOf(kube: KubeClient, { spec }: Pod): Promise<Door> {
  const { nodeName: name = '' } = spec
  const node = name === '' ? undefined : await kube.find<Node>(nodes, { name })
  const host = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
  const port = node?.status?.daemonEndpoints?.kubeletEndpoint?.Port
  if (host === undefined || port === undefined) throw new Error(`cannot find daemonIP on node ${name}`)
  return { host, port }
}

function post(
  agent: Agent,
  at: Door & { readonly path: string },
  token: string,
  body: unknown,
): Promise<DaemonAnswer> {
  const payload = JSON.stringify(body)
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
    'user-agent': ownAgent,
  }
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limitMs)
    const outgoing = httpsRequest({ ...at, agent, method: 'POST', headers, signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as DaemonAnswer)
        else reject(new Error(text.trim()))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}
