import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

import { services } from '../../src/contract/kinds.ts'
import { annotations } from '../../src/contract/labels.ts'
import type { Service } from '../../src/contract/objects.ts'
import { isNotFound } from '../../src/kube/errors.ts'
import type { KubeClient } from '../../src/kube/types.ts'

/** What becomes of a submitted task. */
export type Answer =
  | 'completed'
  | 'running'
  | { completed: unknown }
  | { failed: string; result?: unknown }
  | { refused: string }

export interface Submission {
  readonly namespace: string
  readonly node: string
  readonly id: string
  readonly type: string
  readonly params: unknown
}

export interface ScriptedSidecars {
  /** Everything that was submitted, in order. */
  readonly submissions: Submission[]
  /** Decides over each submission; `times` counts those of the same id, from 1. */
  script: (submission: Submission, times: number) => Answer
  /** What `/v0/healthz` answers for a node. */
  healthy: (node: string, namespace: string) => boolean
  close(): Promise<void>
}

/**
 * One HTTP server that plays the sidecars of all nodes, told apart by the host they are asked for. It makes itself known as
 * the kubelet does: by the loopback annotation on every headless Service.
 */
export async function startScriptedSidecars(kube: KubeClient): Promise<ScriptedSidecars> {
  const outcomes = new Map<string, Answer>()
  const sidecars: Omit<ScriptedSidecars, 'close'> = {
    submissions: [],
    script: () => 'completed',
    healthy: () => true,
  }

  const submit = (namespace: string, node: string, body: string): [number, unknown] => {
    const { id, type, params } = JSON.parse(body) as Submission
    const submission = { namespace, node, id, type, params }
    sidecars.submissions.push(submission)
    const times = sidecars.submissions.filter((each) => each.id === id).length
    // A task that runs or is done is left alone; only one that failed runs again.
    if (isCompleted(outcomes.get(id))) return [201, { id }]
    const answer = sidecars.script(submission, times)
    if (typeof answer === 'object' && 'refused' in answer) return [400, { error: answer.refused }]
    outcomes.set(id, answer)
    return [201, { id }]
  }
  const answer = ([, node = '', namespace = '']: string[], line: string, body: string): [number, unknown] => {
    if (line === 'POST /v0/tasks') return submit(namespace, node, body)
    if (line === 'GET /v0/healthz') return [sidecars.healthy(node, namespace) ? 200 : 503, undefined]
    if (line === 'GET /v0/node-id') return [200, { nodeId: createHash('sha1').update(node).digest('hex') }]
    const outcome = outcomes.get(line.replace('GET /v0/tasks/', ''))
    if (outcome === undefined) return [404, { error: 'not found' }]
    if (typeof outcome === 'string') return [200, { status: outcome }]
    if ('completed' in outcome) return [200, { status: 'completed', result: outcome.completed }]
    if ('refused' in outcome) return [404, { error: 'not found' }]
    return [200, { status: 'failed', error: outcome.failed, result: outcome.result }]
  }
  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    const host = (request.headers.host ?? '').split('.')
    const [status, content] = answer(host, `${request.method} ${request.url}`, body)
    response.writeHead(status).end(content === undefined ? undefined : JSON.stringify(content))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const watch = kube.watch<Service>(services)
  watch.subscribe(({ type, object }) => {
    if (type !== 'ADDED' || object.spec.clusterIP !== 'None') return
    const { name, namespace } = object.metadata
    const value = JSON.stringify({ 8443: `127.0.0.1:${port}` })
    const body = { metadata: { annotations: { [annotations.loopback]: value } } }
    kube.patch(services, { namespace, name }, body, { type: 'merge' }).catch((error: unknown) => {
      // It may have gone since it was told of.
      if (!isNotFound(error)) throw error
    })
  })
  return Object.assign(sidecars, {
    async close() {
      watch.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function isCompleted(answer: Answer | undefined): boolean {
  return answer === 'completed' || (typeof answer === 'object' && 'completed' in answer)
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
