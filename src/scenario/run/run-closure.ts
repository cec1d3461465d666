import { describeOwned, scenarioTypes, type ClosureScope, type OwnedObject } from '../../client/closure.ts'
import { watchClosure, type ClosureWatch } from '../../client/closure-watch.ts'
import type { ReachableCluster } from '../../client/context.ts'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import {
  chaosKind,
  seiNetworks,
  seiNodes,
  statusChecks,
  type Place,
  type ResourceType,
} from '../../contract/kinds.ts'
import { timeOf } from '../../probe/cluster-time.ts'

/** Kinds of chaos and checks that a Workflow's templates can make, beside what is watched in any case. */
function ownKinds({ spec }: Workflow): ResourceType[] {
  const types = new Set(spec.templates.map(({ templateType }) => templateType))
  const chaos = [...types].filter((type) => type.endsWith('Chaos') || type === 'Schedule').map(chaosKind)
  return types.has('StatusCheck') ? [...chaos, statusChecks] : chaos
}

/** Everything that belongs to a run, kept by watches, with the names of networks and nodes that are gone already. */
export class RunClosure {
  readonly watch: ClosureWatch
  readonly #workflow: Workflow
  readonly #namespace: string
  readonly #networks = new Map<string, Place>()
  readonly #nodes = new Map<string, Place>()
  /** Everything that was ever seen, by uid. */
  readonly #seen = new Map<string, OwnedObject>()

  constructor({ kube, namespace, clockUrl }: ReachableCluster, workflow: Workflow) {
    this.#workflow = workflow
    this.#namespace = namespace
    this.watch = watchClosure(kube, [namespace], timeOf(clockUrl), [...scenarioTypes, ...ownKinds(workflow)])
  }

  get scope(): ClosureScope {
    const { name, uid } = this.#workflow.metadata
    return {
      workflows: [{ namespace: this.#namespace, name, uid }],
      networks: [...this.#networks.values()],
      nodes: [...this.#nodes.values()],
    }
  }

  /** Validators that a network leaves behind name it, and nothing else: it must not be forgotten with its object. */
  look(): OwnedObject[] {
    const owned = this.watch.owned(this.scope)
    for (const one of owned) {
      this.#seen.set(one.uid, one)
      const { name, namespace = this.#namespace } = one
      if (one.type === seiNetworks) this.#networks.set(name, { name, namespace })
      if (one.type === seiNodes) this.#nodes.set(name, { name, namespace })
    }
    return owned
  }

  get networks(): readonly Place[] {
    return [...this.#networks.values()]
  }

  get nodes(): readonly Place[] {
    return [...this.#nodes.values()]
  }

  /** `Kind namespace/name` of everything that was seen and is not among what is left. */
  gone(left: readonly OwnedObject[]): string[] {
    const still = new Set(left.map(({ uid }) => uid))
    return [...this.#seen.values()]
      .filter(({ uid }) => !still.has(uid))
      .map((one) => describeOwned({ ...one, deleting: false }))
      .sort()
  }

  close(): void {
    this.watch.close()
  }
}
