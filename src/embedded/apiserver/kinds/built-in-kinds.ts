import type { Rbac } from '../access/rbac.ts'
import type { ServerContext } from '../context.ts'
import type { Definitions } from '../definitions.ts'
import { builtInMergeSchema } from '../managed-fields/built-in-merge-schema.ts'
import type { Resource } from '../resource-type.ts'
import type { Store } from '../store.ts'
import { builtinTable } from '../tables/builtin-tables.ts'
import { configMapStrategy, secretStrategy } from './config.ts'
import { cronJobStrategy } from './cron-job.ts'
import { definitionStrategy } from './definition.ts'
import { coreEventStrategy, eventStrategyOfGroup, fromGroupEvent, toGroupEvent } from './event.ts'
import { limitRangeStrategy, quotaStrategy } from './limits.ts'
import { namespaceStrategy } from './namespace.ts'
import { podStrategy } from './pod.ts'
import { bindingStrategy, roleStrategy } from './rbac.ts'
import { serviceStrategy } from './service.ts'
import {
  endpointSliceStrategy,
  endpointsStrategy,
  leaseStrategy,
  nodeStrategy,
  serviceAccountStrategy,
} from './small-kinds.ts'
import { claimStrategy, storageClassStrategy, volumeStrategy } from './storage.ts'
import type { Strategy } from './strategy.ts'
import { webhookConfigurationStrategy } from './webhook-configuration.ts'
import { deploymentStrategy, jobStrategy, replicaSetStrategy, statefulSetStrategy } from './workloads.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const scalePaths = {
  specReplicas: '.spec.replicas',
  statusReplicas: '.status.replicas',
  labelSelector: '.spec.selector',
}

interface Entry {
  readonly group: string
  readonly kind: string
  readonly plural: string
  readonly strategy: Strategy
  /** @default true */
  readonly namespaced?: boolean
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly string[]
  /** @default all that there are */
  readonly verbs?: readonly string[]
  readonly deprecation?: string
  /** Where the objects are, when another resource shows the same ones. */
  readonly collection?: string
  readonly conversions?: Pick<Resource, 'fromStored' | 'toStored'>
}

/** Registers every kind the server knows of itself. */
export function registerBuiltInKinds(
  { registry, store, access }: ServerContext,
  definitions: Definitions,
): void {
  const kinds = [
    ...coreKinds(store),
    ...groupKinds(),
    ...rbacKinds(access.rbac),
    definitionKind(definitions),
    ...webhookKinds(),
  ]
  for (const entry of kinds) {
    registry.add(resourceOf(entry, store))
  }
}

function coreKinds(store: Store): Entry[] {
  const core = (kind: string, plural: string, strategy: Strategy, more: Partial<Entry> = {}): Entry => ({
    group: '',
    kind,
    plural,
    strategy,
    ...more,
  })
  const cluster = { namespaced: false }
  return [
    core('Namespace', 'namespaces', namespaceStrategy, {
      ...cluster,
      shortNames: ['ns'],
      verbs: verbs.filter((verb) => verb !== 'deletecollection'),
      subresources: ['finalize', 'status'],
    }),
    core('Node', 'nodes', nodeStrategy, { ...cluster, shortNames: ['no'], subresources: ['status'] }),
    core('PersistentVolume', 'persistentvolumes', volumeStrategy, {
      ...cluster,
      shortNames: ['pv'],
      subresources: ['status'],
    }),
    core('Pod', 'pods', podStrategy, {
      shortNames: ['po'],
      categories: ['all'],
      subresources: ['binding', 'eviction', 'log', 'status'],
    }),
    core('Service', 'services', serviceStrategy(store.collection('services')), {
      shortNames: ['svc'],
      categories: ['all'],
      subresources: ['status'],
    }),
    core('ConfigMap', 'configmaps', configMapStrategy, { shortNames: ['cm'] }),
    core('Secret', 'secrets', secretStrategy),
    core('LimitRange', 'limitranges', limitRangeStrategy, { shortNames: ['limits'] }),
    core('ResourceQuota', 'resourcequotas', quotaStrategy, {
      shortNames: ['quota'],
      subresources: ['status'],
    }),
    core('ServiceAccount', 'serviceaccounts', serviceAccountStrategy, {
      shortNames: ['sa'],
      subresources: ['token'],
    }),
    core('Event', 'events', coreEventStrategy, { shortNames: ['ev'] }),
    core('Endpoints', 'endpoints', endpointsStrategy, {
      shortNames: ['ep'],
      deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    }),
    core(
      'PersistentVolumeClaim',
      'persistentvolumeclaims',
      claimStrategy(store.collection('storageclasses.storage.k8s.io')),
      { shortNames: ['pvc'], subresources: ['status'] },
    ),
  ]
}

function groupKinds(): Entry[] {
  const all = { categories: ['all'] }
  const scaled = { ...all, subresources: ['scale', 'status'] }
  return [
    {
      group: 'apps',
      kind: 'StatefulSet',
      plural: 'statefulsets',
      strategy: statefulSetStrategy,
      shortNames: ['sts'],
      ...scaled,
    },
    {
      group: 'apps',
      kind: 'Deployment',
      plural: 'deployments',
      strategy: deploymentStrategy,
      shortNames: ['deploy'],
      ...scaled,
    },
    {
      group: 'apps',
      kind: 'ReplicaSet',
      plural: 'replicasets',
      strategy: replicaSetStrategy,
      shortNames: ['rs'],
      ...scaled,
    },
    { group: 'batch', kind: 'Job', plural: 'jobs', strategy: jobStrategy, ...all, subresources: ['status'] },
    {
      group: 'batch',
      kind: 'CronJob',
      plural: 'cronjobs',
      strategy: cronJobStrategy,
      shortNames: ['cj'],
      ...all,
      subresources: ['status'],
    },
    { group: 'coordination.k8s.io', kind: 'Lease', plural: 'leases', strategy: leaseStrategy },
    {
      group: 'discovery.k8s.io',
      kind: 'EndpointSlice',
      plural: 'endpointslices',
      strategy: endpointSliceStrategy,
    },
    {
      group: 'events.k8s.io',
      kind: 'Event',
      plural: 'events',
      strategy: eventStrategyOfGroup,
      shortNames: ['ev'],
      collection: 'events',
      conversions: { fromStored: toGroupEvent, toStored: fromGroupEvent },
    },
    {
      group: 'storage.k8s.io',
      kind: 'StorageClass',
      plural: 'storageclasses',
      strategy: storageClassStrategy,
      namespaced: false,
      shortNames: ['sc'],
    },
  ]
}

function rbacKinds(rbac: Rbac): Entry[] {
  const group = 'rbac.authorization.k8s.io'
  return [
    { group, kind: 'Role', plural: 'roles', strategy: roleStrategy(rbac, true) },
    { group, kind: 'RoleBinding', plural: 'rolebindings', strategy: bindingStrategy(rbac, true) },
    {
      group,
      kind: 'ClusterRole',
      plural: 'clusterroles',
      strategy: roleStrategy(rbac, false),
      namespaced: false,
    },
    {
      group,
      kind: 'ClusterRoleBinding',
      plural: 'clusterrolebindings',
      strategy: bindingStrategy(rbac, false),
      namespaced: false,
    },
  ]
}

function definitionKind(definitions: Definitions): Entry {
  return {
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    strategy: definitionStrategy(definitions),
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
  }
}

function webhookKinds(): Entry[] {
  const common = {
    group: 'admissionregistration.k8s.io',
    namespaced: false,
    categories: ['api-extensions'],
  }
  return [
    {
      ...common,
      kind: 'MutatingWebhookConfiguration',
      plural: 'mutatingwebhookconfigurations',
      strategy: webhookConfigurationStrategy(true),
    },
    {
      ...common,
      kind: 'ValidatingWebhookConfiguration',
      plural: 'validatingwebhookconfigurations',
      strategy: webhookConfigurationStrategy(false),
    },
  ]
}

function resourceOf(entry: Entry, store: Store): Resource {
  const apiVersion = entry.group === '' ? 'v1' : `${entry.group}/v1`
  const id = entry.group === '' ? entry.plural : `${entry.plural}.${entry.group}`
  const subresources = entry.subresources ?? []
  return {
    group: entry.group,
    version: 'v1',
    kind: entry.kind,
    plural: entry.plural,
    singular: entry.kind.toLowerCase(),
    listKind: `${entry.kind}List`,
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    namespaced: entry.namespaced ?? true,
    verbs: entry.verbs ?? verbs,
    subresources,
    apiVersion,
    collection: store.collection(entry.collection ?? id),
    strategy: entry.strategy,
    ...(entry.deprecation === undefined ? {} : { deprecation: entry.deprecation }),
    mergeSchema: builtInMergeSchema(apiVersion, entry.kind),
    custom: false,
    ...(subresources.includes('scale') ? { scale: scalePaths } : {}),
    table: builtinTable(entry.kind),
    ...entry.conversions,
  }
}
