import type { PodChaos } from '../../../../contract/crds/chaos-mesh/faults.ts'
import { podChaos, pods } from '../../../../contract/kinds.ts'
import type { Container, Pod } from '../../../../contract/objects.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { chaosManager } from '../update-status.ts'
import {
  injected,
  notInjected,
  placeOf,
  type Effect,
  type FaultKind,
  type Step,
  type Target,
} from './effect.ts'

/** What a pod that is made to fail runs instead: an image that does nothing. */
const pauseImage = 'gcr.io/google-containers/pause:latest'

const podKill: Effect = {
  async apply({ kube }, { fault, record }) {
    const { namespace, name } = placeOf(record)
    const { gracePeriod = 0 } = (fault as PodChaos).spec
    const pod = await kube.get<Pod>(pods, { namespace, name })
    await kube.delete(pods, { namespace, name }, { gracePeriodSeconds: gracePeriod, uid: pod.metadata.uid })
    return injected
  },
  recover: () => Promise.resolve(notInjected),
}

const containerKill: Effect = {
  async apply({ kube, daemon }, { record }) {
    const { namespace, name, container } = placeOf(record)
    const pod = await kube.get<Pod>(pods, { namespace, name })
    const { note } = await daemon.kill(pod, container)
    return { ...injected, note }
  },
  recover: () => Promise.resolve(notInjected),
}

const podFailure: Effect = {
  apply: ({ kube }, target) => swapImages(kube, target, 'out'),
  recover: async ({ kube }, target) => {
    try {
      return await swapImages(kube, target, 'back')
    } catch (error) {
      if (isNotFound(error)) return notInjected
      throw error
    }
  },
}

/** Puts the pause image in place of all images and the originals into annotations, or these back. */
async function swapImages(kube: KubeClient, { fault, record }: Target, way: 'back' | 'out'): Promise<Step> {
  const { namespace, name } = placeOf(record)
  const pod = await kube.get<Pod>(pods, { namespace, name })
  const { annotations = {} } = pod.metadata
  const kept: Record<string, string | null> = {}
  const swap =
    (kind: 'init' | 'normal') =>
    ({ name: own, image }: Container) => {
      const key = imageKey(fault.metadata.name, `${own}-${kind}`)
      const original = annotations[key]
      if (way === 'back') {
        if (original !== undefined) kept[key] = null
        return { name: own, image: original ?? image }
      }
      if (original === undefined) kept[key] = image
      return { name: own, image: original === undefined ? pauseImage : image }
    }
  const containers = pod.spec.containers.map(swap('normal'))
  const initContainers = (pod.spec.initContainers ?? []).map(swap('init'))
  const spec = { containers, ...(initContainers.length === 0 ? {} : { initContainers }) }
  const patch = { metadata: { annotations: kept }, spec }
  await kube.patch<Pod>(pods, { namespace, name }, patch, { type: 'strategic', fieldManager: chaosManager })
  return way === 'out' ? injected : notInjected
}

/** Annotation that keeps an image; without the fault's name where that makes the key too long. */
function imageKey(fault: string, container: string): string {
  const key = `chaos-mesh-${fault}-pod-failure-${container}-image`
  return key.length > 63 ? container : key
}

const effects = { 'pod-kill': podKill, 'container-kill': containerKill, 'pod-failure': podFailure }

export const podFaults: FaultKind = {
  type: podChaos,
  ofContainers: (fault) => actionOf(fault as PodChaos) === 'container-kill',
  isOneShot: (fault) => actionOf(fault as PodChaos) !== 'pod-failure',
  effectOf: (fault) => effects[actionOf(fault as PodChaos)],
}

function actionOf({ spec }: PodChaos): PodChaos['spec']['action'] {
  return spec.action
}
