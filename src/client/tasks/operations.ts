import type { Check } from '../../contract/checks.ts'
import {
  checkHeight,
  checkImage,
  checkNetworkUpgrade,
  checkParamChange,
  checkPodUID,
  checkTaskSpec,
  checkTimeout,
  checkUpgradeProposal,
  checkVote,
} from '../../contract/check-tasks.ts'
import type { Checked } from '../../contract/problem.ts'
import type { CallTask, TaskCapabilities, TaskOperation, TaskOperations } from '../../contract/tasks.ts'
import { usageError } from '../../errors/sei-error.ts'
import { needKind, probeCapabilities } from './capabilities.ts'
import { awaitHeight } from './await-height.ts'
import { deadlineOf, type TaskContext } from './context.ts'
import type { Deadline } from './deadline.ts'
import { discoverPeers } from './discover-peers.ts'
import { govParamChange, govUpgrade, govVote } from './governance.ts'
import { networkUpgrade } from './network-upgrade.ts'
import { restartPod, restartSeid } from './restart.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { updateNetworkImage, updateNodeImage } from './update-image.ts'

type Operation<K extends TaskOperation> = (
  args: TaskOperations[K]['args'],
  deadline: Deadline,
) => Promise<TaskOperations[K]['result']>

/** Carries out operations over a cluster's connection. Input is judged before anything is sent. */
export function taskCalls(given: Omit<TaskContext, 'capabilities'>): CallTask {
  const { kube, cluster } = given.client
  let known: Promise<TaskCapabilities> | undefined
  const capabilities = (): Promise<TaskCapabilities> => {
    known ??= probeCapabilities(kube, cluster.namespace)
    // A cluster that could not be asked is asked again.
    known.catch(() => (known = undefined))
    return known
  }
  const context: TaskContext = { ...given, capabilities }
  const table = operations(context)
  return async (operation, args, signal) => {
    const { timeoutMs } = args as { timeoutMs?: number }
    if (timeoutMs !== undefined) accepted(checkTimeout, timeoutMs, `${operation}(…, { timeoutMs })`)
    return table[operation](args, deadlineOf(context, operation, timeoutMs, signal))
  }
}

function operations(context: TaskContext): { [K in TaskOperation]: Operation<K> } {
  return {
    capabilities: () => context.capabilities(),
    run: async ({ spec, namespace = context.client.cluster.namespace }, deadline) => {
      const checked = judged(checkTaskSpec(spec))
      needKind(await context.capabilities(), checked.kind)
      const result = beginResult(checked.kind, { namespace, name: checked.target.nodeRef.name })
      return result('task', await runTask(context, { namespace, spec: checked, deadline }))
    },
    restartPod: async ({ node, podUID }, deadline) => {
      if (podUID !== undefined) accepted(checkPodUID, podUID, 'restartPod(node, { podUID })')
      return restartPod(context, await context.node(node), deadline, podUID)
    },
    restartSeid: async ({ node }, deadline) => restartSeid(context, await context.node(node), deadline),
    discoverPeers: async ({ node }, deadline) => discoverPeers(context, await context.node(node), deadline),
    markReady: async ({ node }, deadline) => {
      const kind = 'MarkReady'
      needKind(await context.capabilities(), kind)
      const result = beginResult(kind, node)
      const spec = { kind, target: { nodeRef: { name: node.name } }, markReady: {} } as const
      return result('task', await runTask(context, { namespace: node.namespace, spec, deadline }))
    },
    awaitHeight: async ({ node, height }, deadline) => {
      const target = accepted(checkHeight, height, 'awaitHeight(node, height)')
      return awaitHeight(context, await context.node(node), target, deadline)
    },
    updateNodeImage: async ({ node, image }, deadline) => {
      const wanted = accepted(checkImage, image, 'updateImage(node, image)')
      return updateNodeImage(context, await context.node(node), wanted, deadline)
    },
    updateNetworkImage: async ({ network, image }, deadline) => {
      const wanted = accepted(checkImage, image, 'updateImage(network, image)')
      return updateNetworkImage(context, await context.network(network), wanted, deadline)
    },
    govUpgrade: async ({ node, proposal }, deadline) => {
      const wanted = accepted(checkUpgradeProposal, proposal, 'govUpgrade(node, proposal)')
      return govUpgrade(context, await context.node(node), wanted, deadline)
    },
    govParamChange: async ({ node, proposal }, deadline) => {
      const wanted = accepted(checkParamChange, proposal, 'govParamChange(node, proposal)')
      return govParamChange(context, await context.node(node), wanted, deadline)
    },
    govVote: async ({ node, vote }, deadline) =>
      govVote(context, await context.node(node), accepted(checkVote, vote, 'govVote(node, vote)'), deadline),
    networkUpgrade: async ({ network, followers, upgrade }, deadline) => {
      const wanted = accepted(checkNetworkUpgrade, upgrade, 'networkUpgrade(network, upgrade)')
      const nodes = await Promise.all(followers.map((node) => context.node(node)))
      return networkUpgrade(context, await context.network(network), nodes, wanted, deadline)
    },
  }
}

function accepted<T>(check: Check<T>, value: unknown, where: string): T {
  return judged(check(value, where))
}

function judged<T>(checked: Checked<T>): T {
  if (!checked.ok) throw usageError(checked.problems)
  return checked.value
}
