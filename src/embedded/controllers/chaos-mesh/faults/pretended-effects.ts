import { pods, stressChaos, timeChaos, type ResourceType } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { injected, notInjected, placeOf, type Effect, type FaultKind } from './effect.ts'

/** A fault that goes through all its phases and changes nothing, and says so. */
function pretended(note: string): Effect {
  return {
    async apply({ kube }, { record }) {
      const { namespace, name } = placeOf(record)
      await kube.get<Pod>(pods, { namespace, name })
      return { ...injected, note }
    },
    recover: () => Promise.resolve(notInjected),
  }
}

function ofContainers(type: ResourceType, note: string): FaultKind {
  const effect = pretended(note)
  return { type, ofContainers: () => true, isOneShot: () => false, effectOf: () => effect }
}

export const stressFaults: FaultKind = ofContainers(
  stressChaos,
  'not simulated: a simulated node takes neither processor time nor memory',
)

export const timeFaults: FaultKind = ofContainers(
  timeChaos,
  'not simulated: all simulated nodes go by the one clock of their cluster',
)
