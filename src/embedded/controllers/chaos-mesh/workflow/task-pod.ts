import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { apiVersionOf, pods, workflows } from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { chaosManager } from '../update-status.ts'
import { namespaceOf, type ReconcilerContext } from './context.ts'
import { taskPodSpawned, taskPodSpawnFailed } from './events.ts'
import { foregroundFinalizer, generated, madeBy } from './render-nodes.ts'

/** Makes the pod of a Task. Throws when the Workflow is gone, and tells of a pod that cannot be made. */
export async function spawnPod({ kube, onNode }: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const name = node.metadata.labels?.[chaosMeshKeys.workflow]
  if (name === undefined) throw new Error(`node ${node.metadata.name} has no label ${chaosMeshKeys.workflow}`)
  const workflow = await kube.get<Workflow>(workflows, { namespace: namespaceOf(node), name })
  const { task } = node.spec
  // Here the real controller panics, before it could tell.
  if (task !== undefined && task.container === undefined)
    throw new Error(`task of node ${node.metadata.name} has no container`)
  try {
    const { metadata } = await kube.create<Pod>(pods, podOf(node, workflow), { fieldManager: chaosManager })
    onNode(node, taskPodSpawned(metadata.name))
  } catch (error) {
    onNode(node, taskPodSpawnFailed)
    throw error
  }
}

/** The whole of what is set: no account, no deadline, nothing about where it runs. */
function podOf(node: WorkflowNode, workflow: Workflow): Pod {
  const { container, volumes, labels } = node.spec.task ?? {}
  if (container === undefined) throw new Error(`node ${node.metadata.name} has no task`)
  const made = madeBy(node, workflow.metadata.name)
  return {
    apiVersion: apiVersionOf(pods),
    kind: pods.kind,
    metadata: {
      ...generated(node.metadata.name),
      namespace: namespaceOf(node),
      ...made,
      labels: { ...labels, ...made.labels },
      finalizers: [foregroundFinalizer],
    },
    spec: {
      restartPolicy: 'Never',
      containers: [container],
      ...(volumes === undefined ? {} : { volumes }),
    },
  }
}
