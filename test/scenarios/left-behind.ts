import {
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  secrets,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  statefulSets,
  workflowNodes,
  workflows,
} from '../../src/contract/kinds.ts'
import type { KubeClient } from '../../src/kube/types.ts'

const kinds = [
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  statefulSets,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  configMaps,
  secrets,
  workflows,
  workflowNodes,
]

/** Objects of any kind that are still there and whose name, or what they are bound to, has the run id in it. */
export async function leftBehind(kube: KubeClient, runId: string): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const { items } = await kube.list(kind)
      return items
        .filter((item) =>
          new RegExp(`\\b${runId}\\b`).test(
            JSON.stringify({
              ...item,
              metadata: { name: item.metadata.name, labels: item.metadata.labels ?? {} },
            }),
          ),
        )
        .map(({ metadata }) => `${kind.plural}/${metadata.name}`)
    }),
  )
  return lists.flat()
}
