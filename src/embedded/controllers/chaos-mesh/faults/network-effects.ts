import type { FaultRecord, NetworkChaos } from '../../../../contract/crds/chaos-mesh/faults.ts'
import { networkChaos, pods } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import {
  injected,
  notInjected,
  placeOf,
  type Effect,
  type EffectContext,
  type FaultKind,
  type Step,
  type Target,
} from './effect.ts'

/** Cuts links between the pods of both ends; everything else is told of, and not done. */
const links: Effect = {
  async apply(context, target) {
    const { record, instances } = target
    // The rules of a pod are handed over in one pass and looked after in the next.
    if (record.phase === 'Not Injected' && needsRules(target)) {
      const { namespace, name } = placeOf(record)
      await context.kube.get<Pod>(pods, { namespace, name })
      instances[record.id] = 1
      return { phase: 'Not Injected/Wait' }
    }
    return needsRules(target) ? carry(context, target) : injected
  },
  async recover(context, target) {
    const { record } = target
    if (record.phase === 'Injected' && needsRules(target)) return { phase: 'Injected/Wait' }
    const pod = await podOf(context, record)
    if (pod !== undefined) await context.daemon.cut(pod, sourceOf(target), [])
    return notInjected
  },
}

async function carry(context: EffectContext, target: Target): Promise<Step> {
  const why = notSimulated(target.fault as NetworkChaos)
  if (why !== undefined) return { ...injected, note: why }
  const { record, records } = target
  const pod = await podOf(context, record)
  if (pod === undefined) return notInjected
  const others = records.filter(({ selectorKey }) => selectorKey !== record.selectorKey)
  const { note } = await context.daemon.cut(pod, sourceOf(target), others.map(placeOf))
  return { ...injected, note }
}

function podOf({ kube }: EffectContext, record: FaultRecord): Promise<Pod | undefined> {
  const { namespace, name } = placeOf(record)
  return kube.find<Pod>(pods, { namespace, name })
}

function sourceOf({ fault: { metadata }, record }: Target): string {
  return `${metadata.namespace ?? ''}/${metadata.name}${record.selectorKey}`
}

/** A partition needs rules at both ends, traffic control only where traffic leaves. */
function needsRules({ fault, record }: Target): boolean {
  const { action, direction = 'to' } = (fault as NetworkChaos).spec
  if (action === 'partition' || direction === 'both') return true
  return record.selectorKey === (direction === 'to' ? '.' : '.Target')
}

/** What this cluster does not do of a network fault: the links of its chain are whole, or cut. */
function notSimulated({ spec }: NetworkChaos): string | undefined {
  const { action, externalTargets = [], target } = spec
  const isCut = action === 'partition' || (action === 'loss' && Number(spec.loss?.loss) >= 100)
  if (!isCut) return `not simulated: action ${action} leaves the simulated chain as it is`
  if (target === undefined)
    return `not simulated: without target ${externalTargets.length === 0 ? 'there is nobody to be cut off from' : 'pods are cut off from addresses outside, which a simulated node does not speak to'}`
  return undefined
}

export const networkFaults: FaultKind = {
  type: networkChaos,
  ofContainers: () => false,
  isOneShot: () => false,
  effectOf: () => links,
}
