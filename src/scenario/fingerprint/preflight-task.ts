import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { apiVersionOf, pods, workflows } from '../../contract/kinds.ts'
import { scenarioLabels } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import { identityEnv, workflowSelector } from '../../contract/scenario-names.ts'
import { realTime } from '../../contract/time.ts'
import { errorText } from '../../errors/error-text.ts'
import type { KubeClient } from '../../kube/types.ts'
import { isOver } from '../verdict/ended.ts'
import type { FingerprintOptions } from './check-fingerprint.ts'

const deadlineMs = 120_000
const goneMs = 30_000

export interface TaskAnswer {
  readonly agrees: boolean
  readonly found: string
}

/**
 * Runs `seitask preflight` as a Task, under the account whose rights are in question, and takes its exit code and last line
 * for the answer. Its Workflow and pod are gone when this resolves, or the answer says that they are not.
 */
export async function askByTask(options: FingerprintOptions, image: string): Promise<TaskAnswer> {
  const { kube, namespace, runId } = options
  const name = `preflight-${runId}`
  await kube.create(workflows, workflowOf(name, namespace, runId, image))
  try {
    return await answerOf(options, name)
  } catch (error) {
    return { agrees: false, found: `seitask preflight gave no answer: ${errorText(error)}` }
  } finally {
    await kube.delete(workflows, { namespace, name }, { propagationPolicy: 'Background' })
    await gone(kube, namespace, name)
  }
}

async function answerOf(
  { kube, namespace, signal, time = realTime }: FingerprintOptions,
  name: string,
): Promise<TaskAnswer> {
  const labelSelector = workflowSelector(name)
  const watch = kube.watch<Pod>(pods, { namespace, labelSelector })
  try {
    const pod = await watch.waitFor((items) => items.find(isOver), {
      timeoutMs: deadlineMs,
      description: 'the Task that runs seitask preflight',
      time,
      ...(signal === undefined ? {} : { signal }),
    })
    const log = await kube.logs({ namespace, name: pod.metadata.name }, { tailLines: 1 })
    return { agrees: pod.status?.phase === 'Succeeded', found: `${log.trim()} (told by a Task)` }
  } finally {
    watch.close()
  }
}

/** Bounded: what is still there then goes with the namespace's collector, and hinders nothing. */
async function gone(kube: KubeClient, namespace: string, name: string): Promise<void> {
  const watch = kube.watch<Pod>(pods, { namespace, labelSelector: workflowSelector(name) })
  try {
    await watch.waitFor((items) => (items.length === 0 ? true : undefined), { timeoutMs: goneMs })
  } finally {
    watch.close()
  }
}

function workflowOf(name: string, namespace: string, runId: string, image: string): Workflow {
  const labels = { [scenarioLabels.scenario]: 'preflight', [scenarioLabels.workflowRun]: runId }
  const container = { name: 'seitask', image, args: ['preflight'], env: identityEnv() }
  const template = { name: 'preflight', templateType: 'Task', deadline: '2m', task: { container } }
  return {
    apiVersion: apiVersionOf(workflows),
    kind: workflows.kind,
    // Without any annotation an abort that a status check orders would be lost.
    metadata: { name, namespace, labels, annotations: { [scenarioLabels.scenario]: 'preflight' } },
    spec: { entry: 'preflight', templates: [template] },
  }
}
