import type { PlanTask } from '../../../../contract/crds/head/shared.ts'
import { proxyConfigName } from '../../../../contract/names.ts'
import { type Outcome, type TaskRunner, TerminalTaskError } from '../../plans/execute.ts'
import { runSidecarTask } from '../../sidecar/run-task.ts'
import { sidecarTarget } from '../../sidecar/target.ts'
import type { NodeContext } from '../context.ts'
import type { NodeDraft } from '../draft.ts'
import { nodeService, proxyConfigMap } from '../resources/objects.ts'
import { applyForNode, syncStatefulSet } from '../stateful-set.ts'
import { ensureDataClaim } from './data-claim.ts'
import { observeImage, replacePod } from './rollout.ts'
import { validateNodeKey, validateOperatorKeyring, validateSigningKey } from './secrets.ts'

export type NodeTask = (context: NodeContext, draft: NodeDraft) => Promise<Outcome>

const complete: Outcome = { state: 'complete' }
const running: Outcome = { state: 'running' }

/** Tasks that the controller carries out itself. */
const ownTasks: Readonly<Record<string, NodeTask>> = {
  'ensure-data-pvc': ensureDataClaim,
  'apply-rbac-proxy-config': async (context, draft) => {
    const name = proxyConfigName(draft.metadata.name)
    await applyForNode(context, context.configMaps, draft, name, () => proxyConfigMap(draft))
    return complete
  },
  'apply-statefulset': async (context, draft) =>
    (await syncStatefulSet(context, draft)) === undefined ? running : complete,
  'apply-service': async (context, draft) => {
    await applyForNode(context, context.services, draft, draft.metadata.name, () => nodeService(draft))
    return complete
  },
  'validate-signing-key': validateSigningKey,
  'validate-node-key': validateNodeKey,
  'validate-operator-keyring': validateOperatorKeyring,
  'replace-pod': replacePod,
  'observe-image': observeImage,
}

/** Tasks that a node's sidecar carries out. */
const sidecarTasks: ReadonlySet<string> = new Set([
  'generate-identity',
  'generate-gentx',
  'upload-genesis-artifacts',
  'configure-genesis',
  'config-apply',
  'config-patch',
  'config-validate',
  'configure-state-sync',
  'set-genesis-peers',
  'snapshot-restore',
  'mark-ready',
  'mark-not-ready',
  'stop-seid',
  'reset-data',
])

/** Carries out the tasks of a node's plan, or of a workflow it works through, on the draft of that node. */
export function nodeTaskRunner(context: NodeContext, draft: NodeDraft): TaskRunner {
  const { name, namespace = '' } = draft.metadata
  return {
    async execute(task: PlanTask) {
      const own = ownTasks[task.type]
      if (own !== undefined) return own(context, draft)
      if (!sidecarTasks.has(task.type)) throw new TerminalTaskError(`unknown task type "${task.type}"`)
      return runSidecarTask(context.sidecar, sidecarTarget(context.services, namespace, name), task)
    },
  }
}
