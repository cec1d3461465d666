import {
  configMaps,
  endpointSlices,
  faultKinds,
  namespaces,
  persistentVolumeClaims,
  pods,
  type ResourceType,
  schedules,
  seiNetworks,
  seiNodes,
  seiNodeTasks,
  seiNodeTaskWorkflows,
  services,
  statefulSets,
  workflowNodes,
  workflows,
} from '../../contract/kinds.ts'
import type { AnyTaskKind, Era } from '../../contract/crds/eras.ts'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { Fault } from '../../contract/crds/chaos-mesh/faults.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskWorkflow } from '../../contract/crds/head/seinodetaskworkflow.ts'
import type { ConfigMap, KubeObject, Pod, Service, StatefulSet } from '../../contract/objects.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { KubeClient } from '../../kube/types.ts'
import type { Clock } from '../clock.ts'
import { startChaosMesh } from './chaos-mesh/start.ts'
import { startEndpointsController } from './kubernetes/endpoints/controller.ts'
import type { EndpointSlice } from './kubernetes/endpoints/slice.ts'
import { startGarbageCollector } from './kubernetes/garbage-collector/controller.ts'
import { type Namespace, startNamespacesController } from './kubernetes/namespaces/controller.ts'
import { kubeControllerManager, startStatefulSetController } from './kubernetes/stateful-set/controller.ts'
import { defaultPlatform, type Platform } from './platform.ts'
import { createApplier } from './runtime/applier.ts'
import { createEventRecorder, type EventRecorder } from './runtime/events.ts'
import { createStopwatches } from './runtime/stopwatches.ts'
import { openStore, type Store } from './runtime/store.ts'
import { startNetworkController } from './seinetwork/controller.ts'
import { updateManager } from './seinode/context.ts'
import { startNodeController } from './seinode/controller.ts'
import type { Claim } from './seinode/resources/objects.ts'
import { startTaskController } from './seinodetask/controller.ts'
import type { Task } from './seinodetask/task.ts'
import { createSidecarClient, type SidecarClient } from './sidecar/client.ts'

export interface ControllersOptions {
  /** Talks to an API server that serves the Sei CRDs. */
  readonly kube: KubeClient
  readonly clock: Clock
  /**
   * Also collects garbage, empties namespaces that are deleted and gives new ones their ServiceAccount and root CA. Switch
   * it off beside a kube-controller-manager, which does all three.
   * @default true
   */
  readonly gc?: boolean | undefined
  /** Also those of Chaos Mesh. Switch them off beside the real ones. @default true */
  readonly chaosMesh?: boolean | undefined
  readonly platform?: Platform | undefined
  /** What the task controller is like. @default head */
  readonly era?: Era | undefined
  /** Kinds of SeiNodeTask that the task controller knows. @default those of its era */
  readonly taskKinds?: readonly AnyTaskKind[] | undefined
  /** Gets one line for each failed reconcile. @default nothing */
  readonly log?: ((line: string) => void) | undefined
  /**
   * Gets one line for each plan task that could not be submitted, most often because its sidecar is not up yet; it is tried
   * again every 5 s and nothing on the objects tells of it. @default nothing
   */
  readonly trace?: ((line: string) => void) | undefined
}

export interface Controllers {
  /** Resolves when every cache holds its first list; until then nothing is reconciled. */
  readonly ready: Promise<void>
  /** Ends all watches and reconciles; does not close the client. */
  close(): Promise<void>
}

interface Stores {
  readonly networks: Store<SeiNetwork>
  readonly nodes: Store<SeiNode>
  readonly tasks: Store<Task>
  readonly workflows: Store<SeiNodeTaskWorkflow>
  readonly statefulSets: Store<StatefulSet>
  readonly pods: Store<Pod>
  readonly services: Store<Service>
  readonly claims: Store<Claim>
  readonly configMaps: Store<ConfigMap>
  readonly slices: Store<EndpointSlice>
}

/** Those of Chaos Mesh, apart: one name in them means something else here. */
interface ChaosStores {
  readonly workflows: Store<Workflow>
  readonly workflowNodes: Store<WorkflowNode>
}

/**
 * Starts the stand-ins for sei-k8s-controller and for Chaos Mesh, and the controllers of Kubernetes these need: StatefulSets,
 * EndpointSlices and, unless `gc` is off, garbage, namespaces and their defaults. They reach the cluster through `kube` and
 * sidecars over HTTP, nothing else. `ready` rejects when a type cannot be watched, for instance because its CRD is not installed.
 */
export function startControllers(options: ControllersOptions): Controllers {
  const { kube } = options
  const sidecar = createSidecarClient(kube.info.token)
  const stores = openStores(kube)
  const chaosStores: ChaosStores = {
    workflows: openStore<Workflow>(kube, workflows, { optional: true }),
    workflowNodes: openStore<WorkflowNode>(kube, workflowNodes, { optional: true }),
  }
  const faults = [...faultKinds, schedules].map((type) => openStore<Fault>(kube, type, { optional: true }))
  const namespaceStore = options.gc === false ? undefined : openStore<Namespace>(kube, namespaces)
  const opened = [
    ...Object.values(stores),
    ...Object.values(chaosStores),
    ...faults,
    ...(namespaceStore === undefined ? [] : [namespaceStore]),
  ]
  const running: { close(): Promise<void> }[] = []
  let closed = false

  const start = async (): Promise<void> => {
    await Promise.all(opened.map((store) => store.ready))
    if (closed) return
    // First of all, so that it knows an owner before any controller can have made something for it.
    if (namespaceStore !== undefined) {
      const types = opened.map((store) => store.type)
      running.push(...startCollectors(options, stores, namespaceStore, types))
    }
    running.push(...startWorkers(options, stores, sidecar))
    const { clock, log = silent } = options
    if (options.chaosMesh !== false)
      running.push(startChaosMesh({ kube, clock, log, pods: stores.pods, faults, ...chaosStores }))
  }
  const ready = start()
  ready.catch((error: unknown) => options.log?.(`controllers: ${String(error)}`))
  return {
    ready,
    async close() {
      closed = true
      await Promise.all(running.map((each) => each.close()))
      sidecar.close()
      for (const store of opened) store.close()
    },
  }
}

const silent = (): void => undefined

/** What a kube-controller-manager would do. */
function startCollectors(
  { kube, clock, log = silent }: ControllersOptions,
  stores: Stores,
  namespaceStore: Store<Namespace>,
  types: readonly ResourceType[],
): { close(): Promise<void> }[] {
  return [
    startGarbageCollector({ kube, clock, log, types }),
    startNamespacesController({ kube, clock, log, ...stores, namespaces: namespaceStore }),
  ]
}

function startWorkers(
  options: ControllersOptions,
  stores: Stores,
  sidecar: SidecarClient,
): { close(): Promise<void> }[] {
  const { kube, clock, platform = defaultPlatform, era = 'head', log = silent, trace = silent } = options
  const recorder = (component: string, type: ResourceType, fieldManager: string): EventRecorder =>
    createEventRecorder({ kube, clock, component, type, fieldManager, log })
  const common = { kube, clock, log, trace, sidecar, ...stores }
  return [
    startNetworkController({
      ...common,
      events: recorder(fieldManagers.network, seiNetworks, updateManager),
      applier: createApplier(kube, fieldManagers.network),
    }),
    startNodeController({
      ...common,
      platform,
      events: recorder(fieldManagers.node, seiNodes, updateManager),
      workflowEvents: recorder(fieldManagers.node, seiNodeTaskWorkflows, updateManager),
      stopwatches: createStopwatches(clock),
      applier: createApplier(kube, fieldManagers.node),
    }),
    startTaskController({
      ...common,
      era,
      kinds: options.taskKinds,
      events: recorder('seinodetask-controller', seiNodeTasks, updateManager),
    }),
    startStatefulSetController({
      ...common,
      events: recorder('statefulset-controller', statefulSets, kubeControllerManager),
    }),
    startEndpointsController(common),
  ]
}

function openStores(kube: KubeClient): Stores {
  const open = <T extends KubeObject>(type: ResourceType, options?: { optional: boolean }): Store<T> =>
    openStore<T>(kube, type, options)
  return {
    networks: open(seiNetworks),
    nodes: open(seiNodes),
    tasks: open(seiNodeTasks, { optional: true }),
    workflows: open(seiNodeTaskWorkflows, { optional: true }),
    statefulSets: open(statefulSets),
    pods: open(pods),
    services: open(services),
    claims: open(persistentVolumeClaims),
    configMaps: open(configMaps),
    slices: open(endpointSlices),
  }
}
