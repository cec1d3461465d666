import { permitProblem } from '../contract/check-permit.ts'
import { defaults } from '../contract/defaults.ts'
import { seiNodeTasks, type ObjectRef, type ResourceType, type Place } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import type { DeletePermit } from '../contract/seal.ts'
import { realTime, type Time } from '../contract/time.ts'
import { hasCode } from '../errors/guards.ts'
import { SeiError, usageError } from '../errors/sei-error.ts'
import { isConflict } from '../kube/errors.ts'
import type { KubeClient } from '../kube/types.ts'
import { describeOwned, type ClosureScope, type OwnedObject } from './closure.ts'
import type { ClosureWatch } from './closure-watch.ts'

export interface DeleteRequest {
  readonly type: ResourceType
  readonly ref: Place
  /** Deletes only the object of this uid: another by that name is not ours. */
  readonly uid: string | undefined
  readonly permit: DeletePermit
  /** What must be gone before the deletion counts as done. */
  readonly scope: ClosureScope
  /** @default `defaults.deleteBudgetMs` */
  readonly timeoutMs?: number | undefined
  /** The cluster's. @default the wall clock's */
  readonly time?: Time | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Deletes an object and waits until everything reached from it is gone. Idempotent: what is not there counts as
 * deleted. Throws BAD_INPUT without a seal or waiver, DELETE_FAILED (class infra) naming what is left when the budget is
 * spent, or that the API server has not answered by then.
 */
export async function deleteAndWait(
  kube: KubeClient,
  closure: ClosureWatch,
  request: DeleteRequest,
): Promise<void> {
  checkPermit(request)
  const { type, ref, uid, signal, scope, time = realTime, timeoutMs = defaults.deleteBudgetMs } = request
  const by = time.now() + timeoutMs
  await closure.listed({ timeoutMs, signal }).catch((error: unknown) => {
    throw hasCode(error, 'WAIT_TIMEOUT') ? unansweredError(request, error) : error
  })
  await Promise.all([
    deleteOurs(kube, type, ref, uid, signal),
    // Nothing owns a task: it would stay for ever, aimed at a node that is gone.
    ...closure
      .owned(scope)
      .filter((one) => one.type === seiNodeTasks)
      .map((task) => deleteOurs(kube, task.type, task, task.uid, signal)),
  ])
  const left = await closure.waitGone(scope, { timeoutMs: Math.max(0, by - time.now()), signal })
  if (left.length > 0) throw leftError(request, left, timeoutMs)
}

async function deleteOurs(
  kube: KubeClient,
  type: ResourceType,
  ref: ObjectRef,
  uid: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { namespace, name } = ref
  try {
    await kube.delete<KubeObject>(type, namespace === undefined ? { name } : { namespace, name }, {
      uid,
      propagationPolicy: 'Background',
      signal,
    })
  } catch (error) {
    // 409 is the uid precondition: another object has that name now, ours is gone.
    if (!isConflict(error)) throw error
  }
}

function checkPermit({ permit, type, ref }: DeleteRequest): void {
  const problem = permitProblem(permit, `${type.kind} ${ref.name}`)
  if (problem !== undefined) throw usageError([problem])
}

function unansweredError({ type, ref }: DeleteRequest, cause: SeiError): SeiError {
  return new SeiError(`${type.kind} ${ref.namespace}/${ref.name} is not deleted: ${cause.message}`, {
    class: 'infra',
    code: 'DELETE_FAILED',
    cause,
  })
}

function leftError({ type, ref }: DeleteRequest, left: readonly OwnedObject[], timeoutMs: number): SeiError {
  const names = left.map(describeOwned)
  return new SeiError(
    `${type.kind} ${ref.namespace}/${ref.name} is not gone after ${timeoutMs} ms; left: ${names.join('; ')}`,
    {
      class: 'infra',
      code: 'DELETE_FAILED',
      details: { left: names },
      hint: 'what holds it stands in its finalizers and events',
    },
  )
}
