import { bindingTable } from './binding-table.ts'
import {
  configMapTable,
  createdAtTable,
  leaseTable,
  namespaceTable,
  nodeTable,
  plainTable,
  secretTable,
} from './core-tables.ts'
import { eventTable } from './event-table.ts'
import { podTable } from './pod-table.ts'
import { quotaTable } from './quota-table.ts'
import { endpointSliceTable, endpointsTable, serviceTable } from './service-tables.ts'
import type { TableView } from './table-view.ts'
import { claimTable, storageClassTable, volumeTable } from './volume-tables.ts'
import { webhookTable } from './webhook-table.ts'
import {
  cronJobTable,
  deploymentTable,
  jobTable,
  replicaSetTable,
  statefulSetTable,
} from './workload-tables.ts'

const tables: Readonly<Record<string, TableView>> = {
  Pod: podTable,
  Service: serviceTable,
  Endpoints: endpointsTable,
  EndpointSlice: endpointSliceTable,
  ConfigMap: configMapTable,
  Secret: secretTable,
  ServiceAccount: plainTable,
  LimitRange: createdAtTable,
  ResourceQuota: quotaTable,
  Namespace: namespaceTable,
  Node: nodeTable,
  Event: eventTable,
  PersistentVolumeClaim: claimTable,
  PersistentVolume: volumeTable,
  StatefulSet: statefulSetTable,
  Deployment: deploymentTable,
  ReplicaSet: replicaSetTable,
  Job: jobTable,
  CronJob: cronJobTable,
  StorageClass: storageClassTable,
  Lease: leaseTable,
  Role: createdAtTable,
  ClusterRole: createdAtTable,
  RoleBinding: bindingTable,
  ClusterRoleBinding: bindingTable,
  CustomResourceDefinition: createdAtTable,
  MutatingWebhookConfiguration: webhookTable,
  ValidatingWebhookConfiguration: webhookTable,
}

/** The table of a built-in kind, with the columns and cells that a real server gives it; name and age for any other. */
export function builtinTable(kind: string): TableView {
  return Object.hasOwn(tables, kind) ? (tables[kind] ?? plainTable) : plainTable
}
