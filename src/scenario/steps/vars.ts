import { apiVersionOf, configMaps, type Place } from '../../contract/kinds.ts'
import type { KubeObject } from '../../contract/objects.ts'
import type { ExitReason } from '../../contract/scenario.ts'
import { varsName } from '../../contract/scenario-names.ts'
import { realTime, pause } from '../../contract/time.ts'
import { varKeys } from '../../contract/workflow-vars.ts'
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts'
import { backoffMs } from '../../kube/retry.ts'
import type { KubeClient } from '../../kube/types.ts'
import { infraFailure } from './exit-reason.ts'
import { ownerReference, type WorkflowIdentity } from './identity.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

type Values = Readonly<Record<string, string>>

/** The ConfigMap by which the steps of a Workflow pass values on. Never told a secret. */
export interface WorkflowVars {
  /** What is there now; nothing where no step has written yet. */
  read(): Promise<Values>
  /** Adds and replaces. Throws when it cannot be written. */
  set(values: Values): Promise<void>
  /** Writes EXIT_REASON. The first failure stays: neither a pass nor another failure replaces it. */
  setExitReason(reason: ExitReason): Promise<void>
}

const fieldManager = 'seitask'
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

  const create = async (data: Values): Promise<void> => {
    if (identity === undefined) throw infraFailure(`ConfigMap ${ref.namespace}/${ref.name} is not there`)
    await kube.create<ConfigMap>(
      configMaps,
      {
        apiVersion: apiVersionOf(configMaps),
        kind: configMaps.kind,
        metadata: { ...ref, labels: { ...identity.labels }, ownerReferences: [ownerReference(identity)] },
        data: { [varKeys.runId]: place.name, ...data },
      },
      { fieldManager },
    )
  }

  /** One attempt; false where somebody else was faster. */
  const attempt = async (change: (data: Values) => Values): Promise<boolean> => {
    const found = await find()
    const data = change(found?.data ?? {})
    if (found !== undefined && Object.keys(data).length === 0) return true
    try {
      if (found === undefined) await create(data)
      else {
        const { resourceVersion } = found.metadata
        const body = { metadata: { resourceVersion }, data }
        await kube.patch(configMaps, ref, body, { type: 'merge', fieldManager })
      }
      return true
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) return false
      throw error
    }
  }

  const merge = async (change: (data: Values) => Values): Promise<void> => {
    for (let done = 0; done < attempts; done += 1) {
      if (await attempt(change)) return
      await pause(realTime, backoffMs(done, 10, 500))
    }
    throw infraFailure(
      `ConfigMap ${ref.namespace}/${ref.name} changed under each of ${attempts} attempts to write it`,
    )
  }

  return {
    read: async () => (await find())?.data ?? {},
    set: (values) => merge(() => values),
    setExitReason: (reason) => merge((data) => decide(data[varKeys.exitReason], reason)),
  }
}

function decide(before: string | undefined, reason: ExitReason): Values {
  const kept = before !== undefined && before !== '' && (before !== 'pass' || reason === 'pass')
  return kept ? {} : { [varKeys.exitReason]: reason }
}
