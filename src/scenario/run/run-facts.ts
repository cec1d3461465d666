import type { NodeStatus } from '../../contract/handles.ts'
import type { Pod } from '../../contract/objects.ts'
import type { HeightReport, ScenarioRun } from '../../contract/scenario.ts'
import type { StepGates } from '../../contract/step-gates.ts'
import type { CaptureObserver } from '../../evidence/capture.ts'

interface LastSeen {
  readonly status: NodeStatus
  readonly at: string
}

/** What a report tells of a run's nodes, out of what the capture reads anyway and what the steps left. */
export class RunFacts implements CaptureObserver {
  readonly #seen = new Map<string, LastSeen>()
  readonly #pods = new Map<string, Pod>()
  /** Of the provisioning steps. */
  left: StepGates = { gates: [], heights: [], omitted: 0 }

  status(node: string, status: NodeStatus): void {
    this.#seen.set(node, { status, at: new Date().toISOString() })
  }

  pods(pods: readonly Pod[]): void {
    for (const pod of pods) this.#pods.set(pod.metadata.uid ?? pod.metadata.name, pod)
  }

  /** Every node of `nodes`, and every one that a step told of: also those that nobody could ask. */
  heights(nodes: readonly string[]): HeightReport[] {
    const { gates, heights } = this.left
    const roles = new Map(gates.map(({ node, role }) => [node, role]))
    const names = [...heights, ...gates].map(({ node }) => node).filter((node) => node !== undefined)
    const before = new Map(heights.map((height) => [height.node, height]))
    return [...new Set([...names, ...nodes])].map((node) => {
      const seen = this.#seen.get(node)
      return {
        node,
        role: roles.get(node),
        ...before.get(node),
        ...(seen === undefined ? {} : { after: String(seen.status.latestHeight), afterAt: seen.at }),
      }
    })
  }

  /** Chains of the nodes that answered, after what the steps said. */
  chainIds(said: string | undefined): string[] {
    const seen = [...this.#seen.values()].map(({ status }) => status.chainId).filter((id) => id !== '')
    return [...new Set([...(said === undefined ? [] : [said]), ...seen])]
  }

  /** Of the steps' pods and of those of the nodes. */
  images(pods: readonly Pod[]): ScenarioRun['images'] {
    const found = new Map<string, string | undefined>()
    for (const { spec, status } of [...pods, ...this.#pods.values()]) {
      const states = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
      for (const { name, image } of [...(spec.initContainers ?? []), ...spec.containers]) {
        // A pod that never got its image has no digest for it; another one may.
        const imageID = states.find((state) => state.name === name)?.imageID
        found.set(image, imageID === undefined || imageID === '' ? found.get(image) : imageID)
      }
    }
    return [...found].map(([image, imageID]) => ({ image, imageID }))
  }
}
