import { request as httpsRequest } from 'node:https'
import type { IncomingMessage } from 'node:http'

import { invalidValue } from '../field-error.ts'
import { refusedMethod } from '../http/refusals.ts'
import { requireObject, type ResourceCall } from '../http/resource-call.ts'
import { isRecord, keyFor, listAt, recordAt, stringAt, type ApiObject } from '../object.ts'
import { badRequest, internalError, invalid, notFound, StatusError } from '../status-error.ts'

const passedOn = [
  'follow',
  'previous',
  'sinceSeconds',
  'sinceTime',
  'tailLines',
  'limitBytes',
  'timestamps',
  'stream',
]

/** GET of a container's log: chooses the container and hands the request to the kubelet of the pod's node. */
export async function serveLog(call: ResourceCall): Promise<void> {
  const { request, resource } = call
  if (request.method !== 'GET') throw refusedMethod(resource, request.method)
  const pod = requireObject(call)
  checkNumbers(call)
  const container = chooseContainer(pod, request.query.get('container') ?? '')
  const nodeName = stringAt(recordAt(pod, 'spec'), 'nodeName') ?? ''
  if (nodeName === '') {
    // No node, no log yet: an empty one.
    request.response.writeHead(200, { 'Content-Type': 'text/plain' }).end()
    return
  }
  await proxy(call, kubeletAddress(call, nodeName), container)
}

/** Least values of the numbers that a log request may carry. */
const least: readonly (readonly [parameter: string, value: number, text: string])[] = [
  ['tailLines', 0, 'must be greater than or equal to 0'],
  ['limitBytes', 1, 'must be greater than 0'],
  ['sinceSeconds', 1, 'must be greater than 0'],
]

function checkNumbers({ request, name }: ResourceCall): void {
  const errors = least.flatMap(([parameter, value, text]) => {
    const given = request.query.get(parameter)
    return given !== null && Number(given) < value ? [invalidValue(parameter, Number(given), text)] : []
  })
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors)
}

function chooseContainer(pod: ApiObject, wanted: string): string {
  const { name } = pod.metadata
  const spec = recordAt(pod, 'spec')
  const containers = namesIn(spec, 'containers')
  const inits = namesIn(spec, 'initContainers')
  if (wanted === '') {
    const [only, ...others] = containers
    if (only !== undefined && others.length === 0) return only
    const choice = `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]`
    throw badRequest(
      inits.length === 0 ? choice : `${choice} or one of the init containers: [${inits.join(' ')}]`,
    )
  }
  if ([...containers, ...inits, ...namesIn(spec, 'ephemeralContainers')].includes(wanted)) return wanted
  throw badRequest(`container ${wanted} is not valid for pod ${name}`)
}

function namesIn(spec: Record<string, unknown>, list: string): string[] {
  return listAt(spec, list).flatMap((container) => stringAt(container, 'name') ?? [])
}

interface Kubelet {
  readonly host: string
  readonly port: number
}

function kubeletAddress(call: ResourceCall, nodeName: string): Kubelet {
  const node = call.context.store.collection('nodes').get(keyFor(undefined, nodeName))
  if (node === undefined) throw notFound(call.resource, nodeName)
  const status = recordAt(node, 'status')
  const port = recordAt(recordAt(status, 'daemonEndpoints'), 'kubeletEndpoint')['Port']
  const address = listAt(status, 'addresses').find(
    (entry) => isRecord(entry) && entry['type'] === 'InternalIP',
  )
  const host = stringAt(address, 'address')
  if (host === undefined) throw internalError(`no preferred addresses found; known addresses: []`)
  return { host, port: typeof port === 'number' ? port : 10_250 }
}

/** Streams the kubelet's answer through; what it refuses becomes a Status. */
async function proxy(call: ResourceCall, kubelet: Kubelet, container: string): Promise<void> {
  const { request, namespace = '', name } = call
  const query = new URLSearchParams()
  for (const parameter of passedOn) {
    const value = request.query.get(parameter)
    if (value !== null) query.set(parameter, value)
  }
  const path = `/containerLogs/${namespace}/${name}/${container}?${query.toString()}`
  const answer = await open(call, kubelet, path)
  const code = answer.statusCode ?? 500
  if (code < 200 || code > 206) throw refusal(code, await textOf(answer), call)
  const { response } = request
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  response.once('close', () => answer.destroy())
  answer.once('error', () => response.destroy())
  answer.pipe(response)
}

function open(call: ResourceCall, kubelet: Kubelet, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest({
      host: kubelet.host,
      port: kubelet.port,
      path,
      // A kubelet's certificate is its own; it listens on loopback, where nobody else can answer for it.
      rejectUnauthorized: false,
      headers: { authorization: `Bearer ${call.context.kubeletToken}` },
    })
    outgoing.once('response', resolve)
    outgoing.once('error', (error) => {
      const url = `https://${kubelet.host}:${kubelet.port}${path}`
      reject(internalError(`Get "${url}": ${error.message}`))
    })
    call.request.response.once('close', () => outgoing.destroy())
    outgoing.end()
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return text
}

function refusal(code: number, text: string, call: ResourceCall): StatusError {
  if (code === 400) return badRequest(text)
  if (code === 500) return internalError(text)
  if (code === 404) {
    const message = `the server could not find the requested resource ( pods/log ${call.name})`
    return new StatusError(404, 'NotFound', message, {
      name: call.name,
      kind: 'pods/log',
      causes: [{ message: text }],
    })
  }
  return new StatusError(code, 'InternalError', text)
}
