import {
  configMaps,
  jobs,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  seiNodeTaskWorkflows,
  services,
  statefulSets,
  workflowNodes,
  workflows,
  type ResourceType,
  type Place,
} from '../contract/kinds.ts'
import { chaosMeshKeys, labels } from '../contract/labels.ts'
import { dataClaimName } from '../contract/names.ts'
import type { KubeObject } from '../contract/objects.ts'

/** Kinds that a network or node can leave objects of. Events and what is in the bucket are not objects of a run. */
export const closureTypes: readonly ResourceType[] = [
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  seiNodeTaskWorkflows,
  statefulSets,
  jobs,
  pods,
  services,
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
]

/** Kinds that a scenario's Workflow can leave objects of, beside those of its networks. */
export const scenarioTypes: readonly ResourceType[] = [...closureTypes, workflows, workflowNodes]

/** Where ownership starts: a run's label, or objects by name, whether they still exist or not. */
export interface ClosureScope {
  readonly run?: string | undefined
  readonly networks?: readonly Place[] | undefined
  readonly nodes?: readonly Place[] | undefined
  /** Workflows: whatever carries their names in the label of Chaos Mesh, and what they own by uid. */
  readonly workflows?: readonly (Place & { readonly uid?: string | undefined })[] | undefined
  /** Just these objects, and nothing reached from them. */
  readonly only?: readonly string[] | undefined
}

export interface OwnedObject {
  readonly type: ResourceType
  readonly namespace?: string | undefined
  readonly name: string
  readonly uid: string
  readonly deleting: boolean
  readonly finalizers: readonly string[]
}

export interface FoundObject {
  readonly type: ResourceType
  readonly object: KubeObject
}

/**
 * The objects a scope owns: those with the run's label, and what is reached from them by owner reference or by the
 * `sei.io/*` labels of their names. Nothing else: a label match counts only within the namespace of its owner.
 */
export function closureOf(found: readonly FoundObject[], scope: ClosureScope): OwnedObject[] {
  const { only } = scope
  if (only !== undefined)
    return found.filter(({ object }) => only.includes(object.metadata.uid ?? '')).map(describe)
  const reach = new Reach(scope)
  const owned = new Set<FoundObject>()
  for (let grown = true; grown;) {
    grown = false
    for (const one of found) {
      if (owned.has(one) || !reach.holds(one)) continue
      owned.add(one)
      reach.add(one)
      grown = true
    }
  }
  return [...owned].map(describe)
}

/** Everything that has been reached so far, by the keys through which other objects refer to it. */
class Reach {
  readonly #run: string | undefined
  readonly #uids = new Set<string>()
  readonly #networks = new Set<string>()
  readonly #nodes = new Set<string>()
  readonly #claims = new Set<string>()
  readonly #workflows = new Set<string>()

  constructor({ run, networks = [], nodes = [], workflows: flows = [] }: ClosureScope) {
    this.#run = run
    for (const { namespace, name, uid } of flows) {
      this.#workflows.add(key(namespace, name))
      if (uid !== undefined) this.#uids.add(uid)
    }
    for (const { namespace, name } of networks) this.#networks.add(key(namespace, name))
    for (const { namespace, name } of nodes) this.#addNode(namespace, name)
  }

  holds({ type, object }: FoundObject): boolean {
    const { namespace, name, labels: own = {}, ownerReferences = [] } = object.metadata
    if (this.#run !== undefined && own[labels.harnessRun] === this.#run) return true
    if (ownerReferences.some(({ uid }) => this.#uids.has(uid))) return true
    if (type === workflows && this.#workflows.has(key(namespace, name))) return true
    const workflow = own[chaosMeshKeys.workflow]
    if (workflow !== undefined && this.#workflows.has(key(namespace, workflow))) return true
    if (type === persistentVolumes) return this.#claims.has(claimOf(object))
    if (type === seiNetworks) return this.#networks.has(key(namespace, name))
    if (type === seiNodes && this.#nodes.has(key(namespace, name))) return true
    if (type === persistentVolumeClaims && this.#claims.has(key(namespace, name))) return true
    if (type === seiNodeTasks || type === seiNodeTaskWorkflows)
      return this.#nodes.has(key(namespace, targetOf(object)))
    const network = own[labels.nodeDeployment]
    if (network !== undefined && this.#networks.has(key(namespace, network))) return true
    const node = own[labels.node]
    return node !== undefined && this.#nodes.has(key(namespace, node))
  }

  add({ type, object }: FoundObject): void {
    const { namespace = '', name, uid } = object.metadata
    if (uid !== undefined) this.#uids.add(uid)
    if (type === seiNetworks) this.#networks.add(key(namespace, name))
    if (type === seiNodes) this.#addNode(namespace, name)
    if (type === persistentVolumeClaims) this.#claims.add(key(namespace, name))
  }

  #addNode(namespace: string, name: string): void {
    this.#nodes.add(key(namespace, name))
    this.#claims.add(key(namespace, dataClaimName(name)))
  }
}

function key(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`
}

function claimOf(volume: KubeObject): string {
  const { spec } = volume as { spec?: { claimRef?: { namespace?: string; name?: string } } }
  return key(spec?.claimRef?.namespace, spec?.claimRef?.name ?? '')
}

function targetOf(task: KubeObject): string {
  const { spec } = task as { spec?: { target?: { nodeRef?: { name?: string } } } }
  return spec?.target?.nodeRef?.name ?? ''
}

function describe({ type, object }: FoundObject): OwnedObject {
  const { namespace, name, uid = '', deletionTimestamp, finalizers = [] } = object.metadata
  return { type, namespace, name, uid, deleting: deletionTimestamp !== undefined, finalizers }
}

/** `Pod ns/name (deleting, held by finalizers a, b)`. */
export function describeOwned({ type, namespace, name, deleting, finalizers }: OwnedObject): string {
  const place = namespace === undefined ? name : `${namespace}/${name}`
  const held = finalizers.length === 0 ? '' : `, held by finalizer ${finalizers.join(', ')}`
  const state = deleting ? ` (deleting${held})` : ''
  return `${type.kind} ${place}${state}`
}
