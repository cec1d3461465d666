import { labels } from '../../contract/labels.ts'
import { ports } from '../../contract/ports.ts'
import type { Container } from '../../contract/objects.ts'
import { http } from '../node-http.ts'
import { ownAgent } from '../open-requests.ts'
import { whileHeld } from '../wall.ts'
import type { ProbeAnswer, ProbeSpec, ProbeTarget } from './probes.ts'
import type { Sandbox } from './runtime/types.ts'
import { createGate, type Gate } from './sidecar/gate.ts'

const timeoutMs = 5_000
/** seid binds gRPC this long after its RPC; cosmos-exporter looks for it as often, before it opens its own port. */
const grpcMs = 5_000

/**
 * What a probe of a container looks at here. seid's readiness is a real HTTP request to its RPC; the sidecar's gate and
 * the exporter's port are known in this process. Containers that are inert pass every probe.
 */
export function probeTarget(sandbox: Sandbox, container: Container, spec: ProbeSpec): ProbeTarget {
  if (sandbox.pod.metadata.labels?.[labels.node] === undefined) return passes
  if (spec.httpGet?.path === '/v0/healthz')
    return gateTarget(sandbox.gate, 'HTTP probe failed with statuscode: 503')
  if (container.name === 'cosmos-exporter' && spec.tcpSocket !== undefined) return exporterTarget(sandbox)
  if (container.name !== 'seid') return passes
  const { httpGet } = spec
  if (httpGet !== undefined)
    return { check: () => httpAnswer(sandbox, Number(httpGet.port), httpGet.path ?? '/') }
  return gateTarget(sandbox.seidUp, refused(sandbox, ports.p2p))
}

const passes: ProbeTarget = { check: () => undefined, onChange: () => () => undefined }

function gateTarget(gate: Gate, failure: string): ProbeTarget {
  return { check: () => (gate.isOpen() ? undefined : failure), onChange: gate.onChange }
}

function exporterTarget(sandbox: Sandbox): ProbeTarget {
  const { clock, seidUp } = sandbox
  const serving = createGate()
  const follow = (): void => {
    if (seidUp.isOpen()) clock.after(grpcMs, () => serving.set(true))
  }
  seidUp.onChange(follow)
  follow()
  return gateTarget(serving, refused(sandbox, ports.cosmosMetrics))
}

/** What a kubelet says: it knows pods by their own address. */
function refused({ podIP }: Sandbox, port: number): string {
  return `dial tcp ${podIP}:${port}: connect: connection refused`
}

function httpAnswer(sandbox: Sandbox, published: number, path: string): Promise<ProbeAnswer> {
  return whileHeld(sandbox.clock.wall, () => askOverHttp(sandbox, published, path))
}

async function askOverHttp(sandbox: Sandbox, published: number, path: string): Promise<ProbeAnswer> {
  const port = await sandbox.ports.of(sandbox.owner, published)
  return new Promise((resolve) => {
    const headers = { 'user-agent': ownAgent }
    const sent = http.request({ host: '127.0.0.1', port, path, headers, timeout: timeoutMs }, (response) => {
      response.resume()
      const { statusCode = 0 } = response
      const ok = statusCode >= 200 && statusCode < 400
      resolve(ok ? undefined : `HTTP probe failed with statuscode: ${statusCode}`)
    })
    sent.on('timeout', () => sent.destroy(new Error('context deadline exceeded')))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ECONNREFUSED' ? refused(sandbox, published) : error.message
      resolve(`Get "http://${sandbox.podIP}:${published}${path}": ${why}`)
    })
    sent.end()
  })
}
