import { roleBindings, roles } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import { taskGrant } from '../../contract/scenario-rights.ts'
import type { KubeClient } from '../../kube/types.ts'

/**
 * Lets the account that Task pods of this namespace run as do what steps do: Role and RoleBinding `seitask-runner`. For
 * simulated clusters; on real ones this is for whoever owns the namespace, by `ci/manifests/task-rbac.yaml`.
 */
export async function grantTaskRights(kube: KubeClient, namespace: string): Promise<void> {
  const { role, binding } = taskGrant(namespace)
  const options = { fieldManager: fieldManagers.harness }
  await kube.apply(roles, role, options)
  await kube.apply(roleBindings, binding, options)
}
