import type { HeightResult } from '../../contract/tasks.ts'
import type { ClientNode } from '../node.ts'
import type { TaskContext } from './context.ts'
import { waitOptions, type Deadline } from './deadline.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'

/** Has the node's own sidecar wait for a height; reads what the node has when it says so. */
export async function awaitHeight(
  context: TaskContext,
  node: ClientNode,
  targetHeight: number,
  deadline: Deadline,
): Promise<HeightResult> {
  const kind = 'AwaitNodesAtHeight'
  const result = beginResult(kind, node)
  const task = await runTask(context, {
    namespace: node.namespace,
    spec: { kind, target: { nodeRef: { name: node.name } }, awaitNodesAtHeight: { targetHeight } },
    deadline,
  })
  const height = await node.waitHeight(targetHeight, waitOptions(deadline))
  return { ...result('task', task), height }
}
