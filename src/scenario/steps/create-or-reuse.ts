import type { ResourceType } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import { isAlreadyExists } from '../../kube/errors.ts'
import { driftOf } from './drift.ts'
import { infraFailure } from './exit-reason.ts'
import type { StepContext } from './step.ts'

interface WithSpec extends KubeObject {
  spec?: unknown
}

/**
 * Creates what a step has rendered, or uses again what is there by that name: a step that runs once more must not take a chain
 * away from those that follow it. Where that one differs from what was rendered, or is another Workflow's, a warning says so.
 * Throws, class infra, when it cannot be created or is being deleted.
 */
export async function createOrReuse<T extends KubeObject>(
  step: StepContext,
  type: ResourceType,
  object: T,
  fieldManager: string,
): Promise<T> {
  const { kube } = step.cluster
  const what = `${type.kind} ${object.metadata.name}`
  try {
    const created = await kube.create<T>(type, object, { fieldManager, signal: step.signal })
    step.say(`created ${what}`)
    return created
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  const { name, namespace } = object.metadata
  const live = await kube.get<T>(type, { name, namespace })
  if (live.metadata.deletionTimestamp !== undefined)
    throw infraFailure(`${what} is there already, and being deleted`)
  step.say(`found ${what}`)
  for (const difference of differences(live, object, step.identity.uid)) step.warn(`${what}: ${difference}`)
  return live
}

function differences(live: WithSpec, rendered: WithSpec, uid: string): string[] {
  const owned = live.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true
  const drift = driftOf(live.spec, rendered.spec, 'spec')
  return [
    ...(owned ? [] : ['it does not belong to this Workflow, and is not deleted with it']),
    ...drift.map((line) => `${line}; it stays as it is in the cluster`),
  ]
}
