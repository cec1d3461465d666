import { permitProblem } from '../../contract/check-permit.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import { defaults } from '../../contract/defaults.ts'
import { seiNetworks, workflows } from '../../contract/kinds.ts'
import type { DeletePermit } from '../../contract/seal.ts'
import { errorText } from '../../errors/error-text.ts'
import { usageError } from '../../errors/sei-error.ts'
import { describeOwned, type OwnedObject } from '../../client/closure.ts'
import { isConflict, isNotFound } from '../../kube/errors.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import type { RunScenarioOptions } from './options.ts'
import type { Recorder } from './recorder.ts'
import type { RunClosure } from './run-closure.ts'
import type { RunWatch } from './run-watch.ts'

export interface TearDown {
  readonly options: RunScenarioOptions
  readonly watch: RunWatch
  readonly closure: RunClosure
  readonly recorder: Recorder
  readonly permit: DeletePermit
}

/** How long the first deletions are given before what is still there is deleted by name, ms. */
const roundMs = 2_000

/**
 * Deletes the Workflow and sweeps what carries its label until nothing is left, within `deleteTimeoutMs`. Pods only once the
 * Workflow is gone: while it lives the controller makes those of a finished step anew. Gives what went and what is left.
 */
export async function tearDown(work: TearDown): Promise<{ deleted: string[]; left: string[] }> {
  const { options, closure, watch, recorder, permit } = work
  const { workflow } = watch.objects
  const problem = permitProblem(permit, `Workflow ${options.rendered.workflow.metadata.name}`)
  if (problem !== undefined) throw usageError([problem])
  const { deleteTimeoutMs = defaults.deleteBudgetMs, cluster } = options
  const time = timeOf(cluster.clockUrl)
  const by = time.now() + deleteTimeoutMs
  await closure.watch.listed({ timeoutMs: deleteTimeoutMs })
  for (const { kind, reason } of closure.watch.unreadable)
    recorder.warn(`whether a ${kind} is left cannot be told: ${reason}`)
  closure.look()
  await deleteWithNetworks(work)
  watch.leaving = true
  if (workflow !== undefined && watch.objects.workflowLost !== true)
    await removeWorkflow(work, workflow.metadata.uid)
  const failed = new Map<string, string>()
  for (;;) {
    const left = await closure.watch.waitGone(closure.scope, {
      timeoutMs: Math.min(roundMs, Math.max(0, by - time.now())),
    })
    closure.look()
    if (left.length === 0 || time.now() >= by) {
      const reasons = left.map((one) => `${describeOwned(one)}${failed.get(one.uid) ?? ''}`)
      return { deleted: closure.gone(left), left: reasons }
    }
    // While it lives, pods that are deleted come back.
    const alive = left.filter(({ type, deleting }) => type === workflows && !deleting)
    await Promise.all((alive.length > 0 ? alive : left).map((one) => sweep(work, one, failed)))
  }
}

/** A network that says Retain would leave its validators behind, which nothing of the run leads to any more. */
async function deleteWithNetworks({ options, closure, recorder }: TearDown): Promise<void> {
  const { kube } = options.cluster
  await Promise.all(
    closure.networks.map(async (place) => {
      try {
        const network = await kube.find<SeiNetwork>(seiNetworks, place)
        if (network === undefined || network.spec.deletionPolicy === 'Delete') return
        await kube.patch(seiNetworks, place, { spec: { deletionPolicy: 'Delete' } }, { type: 'merge' })
        recorder.defence('sweep', `deletionPolicy of SeiNetwork ${place.name} is Delete now, it was Retain`)
      } catch (error) {
        recorder.warn(
          `deletionPolicy of SeiNetwork ${place.name} cannot be set to Delete: ${errorText(error)}`,
        )
      }
    }),
  )
}

async function removeWorkflow({ options, recorder }: TearDown, uid: string | undefined): Promise<void> {
  const { kube, namespace } = options.cluster
  const { name } = options.rendered.workflow.metadata
  try {
    await kube.delete(workflows, { namespace, name }, { uid, propagationPolicy: 'Background' })
    recorder.defence('sweep', `Workflow ${name} deleted`)
  } catch (error) {
    // 409 is the uid precondition: another one has that name now, ours is gone.
    if (!isConflict(error)) recorder.warn(`Workflow ${name} cannot be deleted: ${errorText(error)}`)
  }
}

async function sweep(
  { options, recorder }: TearDown,
  one: OwnedObject,
  failed: Map<string, string>,
): Promise<void> {
  if (one.deleting) return
  const { name, namespace, uid, type } = one
  const ref = namespace === undefined ? { name } : { name, namespace }
  try {
    await options.cluster.kube.delete(type, ref, { uid, propagationPolicy: 'Background' })
    recorder.defence('sweep', `${describeOwned(one)} deleted`)
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) failed.set(uid, `, cannot be deleted: ${errorText(error)}`)
  }
}
