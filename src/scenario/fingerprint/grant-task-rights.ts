import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import { grant, simulatedTaskRights, taskGrant, taskRole } from '../../contract/scenario-rights.ts'
import type { KubeClient } from '../../kube/types.ts'

/**
 * Lets the account that Task pods of this namespace run as do what steps do: Role and RoleBinding `seitask-runner`, and what a
 * step that runs outside of any pod network has to see of the whole cluster. For simulated clusters; on real ones this is for
 * whoever owns the namespace, by `ci/manifests/task-rbac.yaml`.
 */
export async function grantTaskRights(kube: KubeClient, namespace: string): Promise<void> {
  const options = { fieldManager: fieldManagers.harness }
  const { role, binding } = taskGrant(namespace)
  const name = `${taskRole.name}-${namespace}`
  const account = { name: taskRole.account, namespace }
  const wide = grant('ClusterRole', { name }, simulatedTaskRights, account)
  await Promise.all([
    kube.apply(roles, role, options),
    kube.apply(roleBindings, binding, options),
    kube.apply(clusterRoles, wide.role, options),
    kube.apply(clusterRoleBindings, wide.binding, options),
  ])
}
