import { pods } from '../../src/contract/kinds.ts'
import { chaosMeshKeys } from '../../src/contract/labels.ts'
import type { Pod } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'

/** Every pod that was ever there, by the name of its Workflow and that of its template. */
export interface PodLog {
  of(workflow: string): ReadonlyMap<string, ReadonlySet<string>>
  /** Those that are there and have not ended. */
  running(workflow: string): readonly string[]
  close(): void
}

export async function watchPods(kube: KubeClient, namespace: string): Promise<PodLog> {
  const seen = new Map<string, Map<string, Set<string>>>()
  const watch = kube.watch<Pod>(pods, { namespace, labelSelector: chaosMeshKeys.workflow })
  const stop = watch.subscribe(({ object: { metadata } }) => {
    const { [chaosMeshKeys.workflow]: workflow = '', [chaosMeshKeys.controlledBy]: node = '' } =
      metadata.labels ?? {}
    const steps = seen.get(workflow) ?? new Map<string, Set<string>>()
    seen.set(workflow, steps)
    // A node is called after its template, with five letters behind a dash.
    const step = node.slice(0, node.lastIndexOf('-'))
    steps.set(step, (steps.get(step) ?? new Set()).add(metadata.name))
  })
  await watch.ready
  return {
    of: (workflow) => seen.get(workflow) ?? new Map(),
    running: (workflow) =>
      watch
        .items()
        .filter(({ metadata }) => metadata.labels?.[chaosMeshKeys.workflow] === workflow)
        .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
        .map(({ metadata }) => metadata.name),
    close: () => {
      stop()
      watch.close()
    },
  }
}
