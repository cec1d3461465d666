import { mkdtemp, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageCommands } from '../../../../contract/embedded.ts'
import { services as serviceType } from '../../../../contract/kinds.ts'
import { chaosMeshKeys, labels } from '../../../../contract/labels.ts'
import type { Container, Pod, Service } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import type { EventRecorder } from '../../recorder.ts'
import type { Claim } from '../../volumes.ts'
import { startGuardian, type Guardian } from './guardian.ts'
import { mappedCommand } from './images.ts'
import { createLocalPod, type LocalPod } from './local-pod.ts'
import { removeFolder } from './remove-folder.ts'
import { createServiceProxies } from './service-proxy.ts'

export interface LocalPodsOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly recorder: EventRecorder
  /** The user's map. */
  readonly images: ImageCommands
  readonly claim: (namespace: string | undefined, name: string) => Claim | undefined
  readonly hostIP: string
}

/** The pods that run for real: local processes in place of containers. */
export interface LocalPods {
  /** Undefined for a pod that does not run here: one of a SeiNode, and one that nothing says anything of. */
  of(pod: Pod, podIP: string): LocalPod | undefined
  /** Call when every pod is gone. */
  close(): Promise<void>
}

/** What only pods that run for real need: made for the first of them. */
export interface House {
  readonly folder: string
  readonly guardian: Guardian
}

export function createLocalPods(options: LocalPodsOptions): LocalPods {
  const { kube, images } = options
  const services = kube.watch<Service>(serviceType)
  const proxies = createServiceProxies(services)
  let house: Promise<House> | undefined
  const build = async (): Promise<House> => {
    const folder = await mkdtemp(join(tmpdir(), 'sei-pods-'))
    return { folder, guardian: startGuardian(folder) }
  }
  return {
    of(pod, podIP) {
      if (!runsHere(pod, images)) return undefined
      return createLocalPod({
        ...options,
        pod,
        podIP,
        isTask: isTask(pod),
        proxies,
        house: () => (house ??= build()),
        claimFolder: async (claim) => {
          const folder = join((await (house ??= build())).folder, 'claims', claim.metadata.uid ?? '')
          await mkdir(folder, { recursive: true })
          return folder
        },
      })
    },
    async close() {
      proxies.close()
      services.close()
      if (house === undefined) return
      const { folder, guardian } = await house
      await removeFolder(folder)
      await guardian.dismiss()
    },
  }
}

function isTask({ metadata }: Pod): boolean {
  return metadata.labels?.[chaosMeshKeys.workflow] !== undefined
}

function runsHere(pod: Pod, images: ImageCommands): boolean {
  if (pod.metadata.labels?.[labels.node] !== undefined) return false
  const { initContainers = [], containers } = pod.spec
  const isMapped = ({ image }: Container): boolean => mappedCommand(image, images) !== undefined
  return isTask(pod) || [...initContainers, ...containers].some(isMapped)
}
