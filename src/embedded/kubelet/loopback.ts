import { services } from '../../contract/kinds.ts'
import { annotations, labels } from '../../contract/labels.ts'
import type { Pod, Service } from '../../contract/objects.ts'
import { isNotFound } from '../../kube/errors.ts'
import type { KubeClient, Watch } from '../../kube/types.ts'
import type { PortBook } from './ports.ts'
import { createProxy, type Backend, type Proxy } from './proxy.ts'

export interface LoopbackOptions {
  readonly kube: KubeClient
  readonly pods: Watch<Pod>
  readonly ports: PortBook
}

interface Entry {
  service: Service
  /** Proxies by published port; a headless Service has none, its ports are the pods' own. */
  readonly proxies: Map<number, Proxy>
  writing: Promise<void>
  written: string | undefined
}

/**
 * Makes every Service reachable from this machine: an annotation tells which loopback address answers for each
 * published port. A headless Service points straight at its pod's listeners, so that a connection is refused until the
 * pod binds; a ClusterIP one at a proxy over its Ready pods, which refuses while there is none.
 */
export function startLoopback(options: LoopbackOptions): { close(): void } {
  return new Loopback(options)
}

class Loopback {
  readonly #options: LoopbackOptions
  readonly #services: Watch<Service>
  readonly #entries = new Map<string, Entry>()
  readonly #stops: (() => void)[]

  constructor(options: LoopbackOptions) {
    this.#options = options
    this.#services = options.kube.watch<Service>(services)
    this.#stops = [
      this.#services.subscribe(({ type, object }) => {
        if (type === 'DELETED') this.#remove(ownerOfService(object))
        else this.#upsert(ownerOfService(object), object)
      }),
      options.pods.subscribe(({ object }) => {
        for (const entry of this.#entries.values())
          if (entry.proxies.size > 0 && selects(entry.service, object)) this.#refresh(entry)
      }),
      options.ports.onReplaced((owner) => {
        const entry = this.#entries.get(owner)
        if (entry !== undefined) this.#annotate(owner, entry)
      }),
    ]
  }

  close(): void {
    for (const stop of this.#stops) stop()
    for (const owner of this.#entries.keys()) this.#remove(owner)
    this.#services.close()
  }

  #upsert(owner: string, service: Service): void {
    let entry = this.#entries.get(owner)
    if (entry === undefined) {
      this.#options.ports.hold(owner)
      entry = { service, proxies: new Map(), writing: Promise.resolve(), written: undefined }
      this.#entries.set(owner, entry)
    }
    entry.service = service
    if (isProxied(service)) this.#syncProxies(entry, owner)
    if (entry.written === undefined || annotationOf(service) !== entry.written) this.#annotate(owner, entry)
  }

  #remove(owner: string): void {
    const entry = this.#entries.get(owner)
    if (entry === undefined) return
    this.#entries.delete(owner)
    for (const proxy of entry.proxies.values()) proxy.close()
    this.#options.ports.release(owner)
  }

  #syncProxies(entry: Entry, owner: string): void {
    const published = new Set(publishedPorts(entry.service))
    for (const [port, proxy] of entry.proxies)
      if (!published.has(port)) {
        proxy.close()
        entry.proxies.delete(port)
      }
    for (const port of published)
      if (!entry.proxies.has(port)) entry.proxies.set(port, createProxy(this.#options.ports, owner, port))
    this.#refresh(entry)
  }

  #refresh(entry: Entry): void {
    const { pods, ports } = this.#options
    const ready = pods.items().filter((pod) => selects(entry.service, pod) && isReady(pod))
    for (const [port, proxy] of entry.proxies) {
      const target = targetPort(entry.service, port)
      proxy.setBackends(
        ready.map(
          (pod): Backend =>
            () =>
              ports.of(ownerOfPod(pod), target),
        ),
      )
    }
  }

  /** One write at a time per Service; the last one tells the truth. */
  #annotate(owner: string, entry: Entry): void {
    const before = entry.writing
    entry.writing = (async () => {
      await before
      await this.#write(owner, entry)
    })()
  }

  async #write(owner: string, entry: Entry): Promise<void> {
    const { kube, ports } = this.#options
    if (this.#entries.get(owner) !== entry) return
    const value = await addressesOf(ports, owner, entry.service)
    if (value === entry.written && value === annotationOf(entry.service)) return
    entry.written = value
    const { name, namespace, uid } = entry.service.metadata
    const patch = { metadata: { uid, annotations: { [annotations.loopback]: value } } }
    try {
      await kube.patch(services, { namespace, name }, patch, { type: 'merge' })
    } catch (error) {
      // A Service that went away in the meantime needs no address.
      if (!isNotFound(error)) entry.written = undefined
    }
  }
}

function annotationOf(service: Service): string | undefined {
  return service.metadata.annotations?.[annotations.loopback]
}

/** The annotation's value: published port to loopback address. */
async function addressesOf(ports: PortBook, owner: string, service: Service): Promise<string> {
  const pairs = await Promise.all(
    publishedPorts(service).map(async (port) => [port, `127.0.0.1:${await ports.of(owner, port)}`] as const),
  )
  return JSON.stringify(Object.fromEntries(pairs))
}

/** Name in the port book of the Service that a pod's listeners belong to: its `subdomain`, as StatefulSets set it. */
export function ownerOfPod(pod: Pod): string {
  const { subdomain } = pod.spec
  const service =
    typeof subdomain === 'string' ? subdomain : (pod.metadata.labels?.[labels.node] ?? pod.metadata.name)
  return `${pod.metadata.namespace ?? 'default'}/${service}`
}

function ownerOfService(service: Service): string {
  return `${service.metadata.namespace ?? 'default'}/${service.metadata.name}`
}

function isProxied(service: Service): boolean {
  return service.spec.clusterIP !== 'None' && service.spec.selector !== undefined
}

function publishedPorts(service: Service): number[] {
  return (service.spec.ports ?? [])
    .filter((port) => (port.protocol ?? 'TCP') === 'TCP')
    .map((port) => port.port)
}

/** A named target port stands for the container port of that name; Sei's Services all use numbers. */
function targetPort(service: Service, published: number): number {
  const target = service.spec.ports?.find((port) => port.port === published)?.targetPort
  return typeof target === 'number' ? target : published
}

function selects(service: Service, pod: Pod): boolean {
  const { selector = {} } = service.spec
  if (service.metadata.namespace !== pod.metadata.namespace) return false
  return Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value)
}

function isReady(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return (pod.status?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )
}
