import { persistentVolumeClaims, seiNodeTaskWorkflows } from '../../../contract/kinds.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { finalizers } from '../../../contract/labels.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { isNotFound } from '../../../kube/errors.ts'
import { dropFinalizer } from '../runtime/finalizers.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { type NodeContext, updateManager } from './context.ts'
import { dataClaimOf } from './mode.ts'

interface Workflow extends KubeObject {
  spec?: { target?: { nodeRef?: { name?: string } } }
}

/**
 * Lets a node go: its claim is deleted (never an imported one), workflows that were held for it are released, and what else
 * it owns goes by owner reference. SeiNodeTasks stay.
 */
export async function deleteNode(context: NodeContext, node: SeiNode): Promise<void> {
  if (!(node.metadata.finalizers ?? []).includes(finalizers.node)) return
  const status = { ...node.status, phase: 'Terminating' as const }
  const marked = await writeStatus(context.kube, context.nodes, node, status, updateManager)
  const { name, namespace = '' } = node.metadata
  if (node.spec.dataVolume?.import === undefined) {
    const claim = context.claims.get({ namespace, name: dataClaimOf(node) })
    if (claim !== undefined)
      await context.kube.delete(
        persistentVolumeClaims,
        { namespace, name: claim.metadata.name },
        { uid: claim.metadata.uid },
      )
  }
  await releaseWorkflows(context, namespace, name)
  await dropFinalizer(context.kube, context.nodes, marked, finalizers.node, updateManager)
}

/** A node that is gone has nothing left to hold, so what waits for it would wait for ever. */
async function releaseWorkflows(context: NodeContext, namespace: string, node: string): Promise<void> {
  const workflows = await workflowsIn(context, namespace)
  const held = workflows.filter(
    (workflow) =>
      workflow.spec?.target?.nodeRef?.name === node &&
      (workflow.metadata.finalizers ?? []).includes(finalizers.workflow),
  )
  for (const workflow of held)
    await dropFinalizer(
      context.kube,
      { type: seiNodeTaskWorkflows },
      workflow,
      finalizers.workflow,
      updateManager,
    )
}

async function workflowsIn(context: NodeContext, namespace: string): Promise<readonly Workflow[]> {
  try {
    return (await context.kube.list<Workflow>(seiNodeTaskWorkflows, { namespace })).items
  } catch (error) {
    // Clusters older than the workflow CRD have none.
    if (isNotFound(error)) return []
    throw error
  }
}
