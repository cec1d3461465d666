import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServerTls } from '../../src/embedded/apiserver/tls.ts'
import type { ConnectionInfo } from '../../src/kube/types.ts'

/** Program of a real chaos-controller-manager of the line 2.8; whoever has one names it. */
export const realChaosMesh: string | undefined = process.env['SEI_CHAOS_MESH']

/** Longest wait for it to take up its work, in ms, and between two looks. */
const readyMs = 60_000
const lookMs = 200

/**
 * Starts the real controllers of Workflows and StatusChecks on a cluster that has their definitions; neither its admission nor a
 * daemon. It listens on loopback only. Resolves once its controllers are at work.
 */
export async function startRealChaosMesh(
  program: string,
  { server, ca, token }: ConnectionInfo,
): Promise<{ close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sei-chaos-mesh-'))
  const { key, cert } = createServerTls()
  const cluster = { server, 'certificate-authority-data': Buffer.from(ca ?? '').toString('base64') }
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 })
  await writeFile(join(folder, 'tls.key'), key, { mode: 0o600 })
  await writeFile(join(folder, 'tls.crt'), cert)
  const [webhooks, metrics] = [await freePort(), await freePort()]
  const child = spawn(program, [], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      KUBECONFIG: join(folder, 'kubeconfig'),
      CERTS_DIR: folder,
      // Its defaults are every address of the machine.
      WEBHOOK_HOST: '127.0.0.1',
      WEBHOOK_PORT: String(webhooks),
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: String(metrics),
      PPROF_ADDR: '0',
      ENABLE_LEADER_ELECTION: 'false',
      ENABLED_CONTROLLERS: 'workflow,statuscheck',
      ENABLED_WEBHOOKS: 'none',
      CHAOSD_SECURITY_MODE: 'false',
      CHAOS_DNS_SERVICE_PORT: '0',
      NAMESPACE: 'default',
    },
  })
  let log = ''
  const keep = (chunk: Buffer): void => void (log = (log + chunk.toString()).slice(-1_000_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  const isReady = (): boolean => started.every((name) => new RegExp(`Starting workers.*${name}`).test(log))
  for (let ms = 0; !isReady(); ms += lookMs) {
    if (ms > readyMs || child.exitCode !== null) {
      await close()
      throw new Error(`${program} is not at work:\n${log.slice(-4_000)}`)
    }
    await sleep(lookMs)
  }
  return { close }
}

/** The first of its controllers and the last that it starts, as it calls them. */
const started = ['workflow-entry-reconciler', 'workflow-task-reconciler', 'workflow-abort-node-reconciler']

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
