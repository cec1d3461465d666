import { persistentVolumeClaims, persistentVolumes } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import { type Outcome, TerminalTaskError } from '../../plans/execute.ts'
import { refOf } from '../../runtime/keys.ts'
import { isControlledBy } from '../../runtime/owners.ts'
import { type NodeContext, updateManager } from '../context.ts'
import { type NodeDraft, setNodeCondition } from '../draft.ts'
import { type Claim, dataClaim } from '../resources/objects.ts'
import { quantity } from '../../../quantity.ts'

interface Volume extends KubeObject {
  spec: { capacity?: { storage?: string } }
  status?: { phase?: string }
}

/** Makes the node's volume claim, or checks the one that its spec imports. A foreign claim of that name ends the plan. */
export async function ensureDataClaim(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const imported = draft.spec.dataVolume?.import?.pvcName
  if (imported !== undefined) return checkImport(context, draft, imported)
  const desired = dataClaim(draft, context.platform)
  const { name } = desired.metadata
  const existing = context.claims.get(refOf(desired))
  if (existing === undefined) {
    const made = await context.kube.create(persistentVolumeClaims, desired, { fieldManager: updateManager })
    context.claims.note(made)
  } else if (!isControlledBy(existing, draft)) {
    throw new TerminalTaskError(
      `data PVC "${name}" already exists and is not owned by SeiNode "${draft.metadata.name}"; ` +
        'set spec.dataVolume.import.pvcName to adopt, or delete the PVC',
    )
  }
  return { state: 'complete' }
}

async function checkImport(context: NodeContext, draft: NodeDraft, name: string): Promise<Outcome> {
  const say = (status: 'True' | 'False', reason: string, message: string): void =>
    setNodeCondition(draft, { type: 'ImportPVCReady', status, reason, message }, context.clock.now())
  try {
    const waiting = await importProblem(context, draft, name)
    if (waiting !== undefined) {
      say('False', 'PVCNotReady', waiting)
      return { state: 'running' }
    }
  } catch (error) {
    if (error instanceof TerminalTaskError) say('False', 'PVCInvalid', error.message)
    throw error
  }
  say('True', 'PVCValidated', `PVC "${name}" passes all import requirements`)
  return { state: 'complete' }
}

/** What an imported claim still waits for. Throws TerminalTaskError for what its user has to put right. */
async function importProblem(
  context: NodeContext,
  draft: NodeDraft,
  name: string,
): Promise<string | undefined> {
  const { namespace = '' } = draft.metadata
  const claim = context.claims.get({ namespace, name })
  if (claim === undefined) return `PVC "${name}" not found in namespace "${namespace}"`
  if (claim.metadata.deletionTimestamp !== undefined) return `PVC "${name}" is being deleted`
  const phase = claim.status?.phase ?? ''
  if (phase === 'Lost') throw new TerminalTaskError(`PVC "${name}" phase is Lost; underlying PV is gone`)
  if (phase !== 'Bound') return `PVC "${name}" phase is "${phase}", waiting for Bound`
  if (!claim.spec.accessModes.some((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
    throw new TerminalTaskError(`PVC "${name}" accessModes must include ReadWriteOnce or ReadWriteOncePod`)
  const capacity = claim.status?.capacity?.storage
  if (capacity === undefined) return `PVC "${name}" has no status.capacity.storage reported yet`
  const required = context.platform.storage.size
  if (quantity(capacity) < quantity(required))
    throw new TerminalTaskError(`PVC "${name}" capacity ${capacity} is less than required ${required}`)
  return volumeProblem(context, claim, capacity)
}

async function volumeProblem(
  context: NodeContext,
  claim: Claim,
  capacity: string,
): Promise<string | undefined> {
  const { name } = claim.metadata
  const volumeName = claim.spec.volumeName ?? ''
  if (volumeName === '') return `PVC "${name}" is Bound but has no spec.volumeName`
  const volume = await context.kube.find<Volume>(persistentVolumes, { name: volumeName })
  if (volume === undefined) return `underlying PV "${volumeName}" for PVC "${name}" not found`
  if (volume.status?.phase === 'Failed')
    throw new TerminalTaskError(`underlying PV "${volumeName}" for PVC "${name}" is in phase Failed`)
  const own = volume.spec.capacity?.storage
  if (own === undefined || quantity(own) !== quantity(capacity))
    throw new TerminalTaskError(
      `underlying PV "${volumeName}" capacity ${own ?? 'unknown'} does not match PVC "${name}" capacity ${capacity}`,
    )
  return undefined
}
