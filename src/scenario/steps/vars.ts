import { apiVersionOf, configMaps, type Place } from '../../contract/kinds.ts'
import { annotations, stepFieldManagers } from '../../contract/labels.ts'
import type { ConfigMap } from '../../contract/objects.ts'
import type { ExitReason } from '../../contract/scenario.ts'
import { varsName } from '../../contract/scenario-names.ts'
import { mergeStepGates, parseStepGates, stepGatesText, type StepGates } from '../../contract/step-gates.ts'
import { realTime, pause } from '../../contract/time.ts'
import { varKeys } from '../../contract/workflow-vars.ts'
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts'
import { backoffMs } from '../../kube/retry.ts'
import type { KubeClient } from '../../kube/types.ts'
import { infraFailure } from './exit-reason.ts'
import { ownerReference, type WorkflowIdentity } from './identity.ts'

type Values = Readonly<Record<string, string>>

/** What is added and replaced. */
interface Change {
  readonly data?: Values
  readonly annotations?: Values
}

/** The ConfigMap by which the steps of a Workflow pass values on. Never told a secret. */
export interface WorkflowVars {
  /** What is there now; nothing where no step has written yet. */
  read(): Promise<Values>
  /** Adds and replaces. Throws when it cannot be written. */
  set(values: Values): Promise<void>
  /** Writes EXIT_REASON. The first failure stays: neither a pass nor another failure replaces it. */
  setExitReason(reason: ExitReason): Promise<void>
  /** Leaves what gates saw for the report: beside the values, since whoever reads these gets all of them as environment. */
  leaveGates(gates: StepGates): Promise<void>
}

const fieldManager = stepFieldManagers.vars
/** Steps of a Parallel may all write at once. */
const attempts = 20

/** `identity` is needed to create it; without one only what is there already can be written. */
export function workflowVars(
  kube: KubeClient,
  place: Place,
  identity: WorkflowIdentity | undefined,
): WorkflowVars {
  const ref = { namespace: place.namespace, name: varsName(place.name) }
  const find = (): Promise<ConfigMap | undefined> => kube.find<ConfigMap>(configMaps, ref)

  const create = async ({ data, annotations: left }: Change): Promise<void> => {
    if (identity === undefined) throw infraFailure(`ConfigMap ${ref.namespace}/${ref.name} is not there`)
    await kube.create<ConfigMap>(
      configMaps,
      {
        apiVersion: apiVersionOf(configMaps),
        kind: configMaps.kind,
        metadata: {
          ...ref,
          labels: { ...identity.labels },
          ...(left === undefined ? {} : { annotations: { ...left } }),
          ownerReferences: [ownerReference(identity)],
        },
        data: { [varKeys.runId]: place.name, ...data },
      },
      { fieldManager },
    )
  }

  /** One attempt; false where somebody else was faster. */
  const attempt = async (decideOn: (found: ConfigMap | undefined) => Change): Promise<boolean> => {
    const found = await find()
    const { data, annotations: left } = decideOn(found)
    if (found !== undefined && data === undefined && left === undefined) return true
    try {
      if (found === undefined) await create({ data: data ?? {}, ...(left && { annotations: left }) })
      else {
        const { resourceVersion } = found.metadata
        const body = { metadata: { resourceVersion, annotations: left }, data }
        await kube.patch(configMaps, ref, body, { type: 'merge', fieldManager })
      }
      return true
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) return false
      throw error
    }
  }

  const merge = async (decideOn: (found: ConfigMap | undefined) => Change): Promise<void> => {
    for (let done = 0; done < attempts; done += 1) {
      if (await attempt(decideOn)) return
      await pause(realTime, backoffMs(done, 10, 500))
    }
    throw infraFailure(
      `ConfigMap ${ref.namespace}/${ref.name} changed under each of ${attempts} attempts to write it`,
    )
  }

  return {
    read: async () => (await find())?.data ?? {},
    set: (data) => merge(() => ({ data })),
    setExitReason: (reason) => merge((found) => decide(found?.data?.[varKeys.exitReason], reason)),
    leaveGates: (gates) =>
      merge((found) => {
        const before = parseStepGates(found?.metadata.annotations?.[annotations.gates])
        return { annotations: { [annotations.gates]: stepGatesText(mergeStepGates(before, gates)) } }
      }),
  }
}

function decide(before: string | undefined, reason: ExitReason): Change {
  const kept = before !== undefined && before !== '' && (before !== 'pass' || reason === 'pass')
  return kept ? {} : { data: { [varKeys.exitReason]: reason } }
}
