import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import type { Container, Pod, PodVolume } from '../../../../contract/objects.ts'
import { errorText } from '../../../../errors/error-text.ts'
import type { Claim } from '../../volumes.ts'
import type { Runtime } from '../types.ts'
import { configReader, type ConfigReader } from './config-reader.ts'
import { environmentOf } from './environment.ts'
import { expand } from './expand.ts'
import { accountFolder, requestToken, writeIdentity } from './identity.ts'
import { locate, mappedCommand, programOf, wordsOf, type Program } from './images.ts'
import type { House, LocalPodsOptions } from './local-pods.ts'
import { processRuntime } from './process-runtime.ts'
import { machineEnvironment, serviceEnvironment } from './machine.ts'
import { pathRewriter, type PathMapping } from './paths.ts'
import type { PodFacts } from './pod-facts.ts'
import { removeFolder } from './remove-folder.ts'
import type { ServiceProxies } from './service-proxy.ts'
import { makeVolume, type VolumeSources } from './volume-files.ts'

/** What runs a container of a pod that runs for real. */
export type Choice = Program | 'inert' | 'missing'

/** One pod that runs for real. */
export interface LocalPod {
  choose(container: Container): Choice
  /** Resolves once its volumes and its token are there; until then it tries again, and records why. */
  mount(signal: AbortSignal): Promise<void>
  /** How a container's next run is started. Throws with the kubelet's sentence where its variables cannot be had. */
  prepare(container: Container, program: Program): Promise<Runtime>
  /** Removes its files. Call when its containers have ended. */
  remove(): Promise<void>
}

export interface LocalPodOptions extends LocalPodsOptions {
  readonly pod: Pod
  readonly podIP: string
  /** Images that nothing is known of fail their pull; those of other pods are inert. */
  readonly isTask: boolean
  readonly proxies: ServiceProxies
  readonly house: () => Promise<House>
  readonly claimFolder: (claim: Claim) => Promise<string>
}

/** Simulated ms between two tries to mount: the first, and the longest. */
const mountMs = { first: 500, longest: 122_000 } as const

export function createLocalPod(options: LocalPodOptions): LocalPod {
  return new RunningPod(options)
}

class RunningPod implements LocalPod {
  readonly #options: LocalPodOptions
  readonly #facts: PodFacts
  readonly #read: ConfigReader
  readonly #volumes = new Map<string, string>()
  #house: House | undefined
  #kubeconfig: string | undefined

  constructor(options: LocalPodOptions) {
    const { kube, pod, podIP, hostIP } = options
    this.#options = options
    this.#facts = { pod, podIP, hostIP }
    this.#read = configReader(kube, pod.metadata.namespace)
  }

  choose(container: Container): Choice {
    const { images, isTask } = this.#options
    if (!isTask && mappedCommand(container.image, images) === undefined) return 'inert'
    const program = programOf(container.image, images)
    if (program === undefined) return 'missing'
    const words = wordsOf(program, container)
    // A command that a reference is part of is known only when it is resolved.
    if (words[0]?.includes('$(') === true) return program
    return locate(program, words, process.env['PATH'] ?? '') === undefined ? 'missing' : program
  }

  async mount(signal: AbortSignal): Promise<void> {
    const { clock, recorder, pod, house } = this.#options
    this.#house = await house()
    for (const part of ['home', 'tmp', 'work']) await mkdir(this.#path(part), { recursive: true })
    for (let waitMs: number = mountMs.first; ; waitMs = Math.min(waitMs * 2, mountMs.longest)) {
      const failures = await this.#tryMounts()
      signal.throwIfAborted()
      if (failures.length === 0) return
      for (const failure of failures) recorder.record(pod, 'Warning', 'FailedMount', failure)
      await clock.sleep(waitMs, signal)
    }
  }

  async prepare(container: Container, program: Program): Promise<Runtime> {
    const { kube, pod, proxies } = this.#options
    const { namespace = 'default' } = pod.metadata
    const { server } = kube.info
    const rewrite = pathRewriter(this.#mappings(container, program))
    const service = serviceEnvironment(server)
    const { values, secret } = await environmentOf(container, this.#facts, this.#read, service)
    const given = [...values].map(([name, value]) => [name, secret.has(name) ? value : rewrite(value)])
    const env: Record<string, string> = {
      ...machineEnvironment(pod, {
        kubeconfig: this.#kubeconfig,
        proxy: await proxies.url(namespace),
        home: this.#path('home'),
        tmp: this.#path('tmp'),
      }),
      ...program.env,
      ...(Object.fromEntries(given) as Record<string, string>),
    }
    const words = wordsOf(program, container).map((word) => rewrite(expand(word, values)))
    const cwd = this.#cwd(container, rewrite)
    await mkdir(cwd, { recursive: true })
    const { guardian } = await this.#options.house()
    return processRuntime({
      words: locate(program, words, env['PATH'] ?? '') ?? words,
      env,
      cwd,
      guardian,
      terminationFile: this.#terminationFile(container),
    })
  }

  async remove(): Promise<void> {
    if (this.#house === undefined) return
    await removeFolder(this.#path())
  }

  #path(...parts: string[]): string {
    return join(this.#house?.folder ?? '', this.#options.pod.metadata.uid ?? '', ...parts)
  }

  /** What could not be mounted, in the kubelet's words. */
  async #tryMounts(): Promise<string[]> {
    const { kube, pod } = this.#options
    const failures: string[] = []
    const attempt = async (volume: string, make: () => Promise<void>): Promise<void> => {
      try {
        await make()
      } catch (error) {
        failures.push(`MountVolume.SetUp failed for volume "${volume}" : ${errorText(error)}`)
      }
    }
    for (const volume of mountedVolumes(pod))
      if (!this.#volumes.has(volume.name))
        await attempt(volume.name, async () => {
          this.#volumes.set(volume.name, await makeVolume(this.#path('volumes'), volume, this.#sources()))
        })
    if (this.#kubeconfig === undefined && pod.spec['automountServiceAccountToken'] !== false)
      await attempt('kube-api-access', async () => {
        this.#kubeconfig = await writeIdentity(this.#path('account'), kube, pod)
      })
    return failures
  }

  #sources(): VolumeSources {
    const { kube, pod, claim, claimFolder } = this.#options
    return {
      facts: this.#facts,
      read: this.#read,
      token: (audience) => requestToken(kube, pod, audience),
      claim: async (name) => {
        const found = claim(pod.metadata.namespace, name)
        return found === undefined ? undefined : claimFolder(found)
      },
    }
  }

  #mappings(container: Container, program: Program): PathMapping[] {
    const mounts = (container.volumeMounts ?? []) as { name: string; mountPath: string; subPath?: string }[]
    const { workingDir } = container as { workingDir?: string }
    const inside = new Map<string, string>()
    if (program.ownTmp) inside.set('/tmp', this.#path('tmp'))
    inside.set(accountFolder, this.#path('account'))
    inside.set(terminationPath(container), this.#terminationFile(container))
    for (const { name, mountPath, subPath = '' } of mounts)
      inside.set(trimmed(mountPath), join(this.#volumes.get(name) ?? '', subPath))
    const known = [...inside.keys()].some((path) => `${workingDir}/`.startsWith(`${path}/`))
    if (workingDir !== undefined && !known && !existsSync(workingDir))
      inside.set(trimmed(workingDir), this.#path('work'))
    return [...inside].filter(([path]) => path !== '')
  }

  /** Never a folder of the machine: what a program leaves where it runs belongs to its pod. */
  #cwd({ workingDir }: Container, rewrite: (text: string) => string): string {
    const inside = typeof workingDir === 'string' ? trimmed(workingDir) : ''
    const here = rewrite(inside)
    return here === inside ? this.#path('work') : here
  }

  #terminationFile({ name }: Container): string {
    return this.#path(`termination-${name}`)
  }
}

function terminationPath(container: Container): string {
  const path = container['terminationMessagePath']
  return typeof path === 'string' ? path : '/dev/termination-log'
}

/** Without the slash at the end; the root is no path that could be told from others. */
function trimmed(path: string): string {
  return path.replace(/\/+$/, '')
}

/** Those that some container uses: the kubelet leaves others alone. */
function mountedVolumes({ spec }: Pod): PodVolume[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const used = new Set(containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)))
  return (spec.volumes ?? []).filter(({ name }) => used.has(name))
}
