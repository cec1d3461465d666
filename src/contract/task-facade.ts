import type { Place } from './kinds.ts'
import { checkFanOut } from './check-fan-out.ts'
import { checkPlace } from './check-tasks.ts'
import { fanOut, type FanOutOutcome } from './fan-out.ts'
import type { WaitOptions } from './handles.ts'
import type { Checked, Problem } from './problem.ts'
import type { CallTask, NetworkUpgrade, Tasks } from './tasks.ts'

/** How the facade says that something is wrong; errors are a floor above the contract. */
export interface TaskErrors {
  usage(problems: readonly Problem[]): Error
  fanOut(outcome: FanOutOutcome<unknown>): Error
}

/**
 * The operations over whatever carries them out: the cluster's connection in the main process, the lease API in a worker.
 * Only what tells a node from a network, and what cannot travel, is judged here.
 */
export function tasksOver(call: CallTask, errors: TaskErrors): Tasks {
  const accepted = <T>(checked: Checked<T>): T => {
    if (!checked.ok) throw errors.usage(checked.problems)
    return checked.value
  }
  const place = (value: unknown, where: string): Place => accepted(checkPlace(value, where))
  return {
    capabilities: () => call('capabilities', {}, undefined),
    run: async (spec, { namespace, ...options } = {}) => {
      const { signal, ...rest } = options
      return call('run', { spec, namespace, ...rest }, signal)
    },
    restartPod: async (node, options = {}) =>
      call('restartPod', { node: place(node, 'restartPod(node)'), ...sent(options) }, options.signal),
    restartSeid: async (node, options = {}) =>
      call('restartSeid', { node: place(node, 'restartSeid(node)'), ...sent(options) }, options.signal),
    discoverPeers: async (node, options = {}) =>
      call('discoverPeers', { node: place(node, 'discoverPeers(node)'), ...sent(options) }, options.signal),
    markReady: async (node, options = {}) =>
      call('markReady', { node: place(node, 'markReady(node)'), ...sent(options) }, options.signal),
    awaitHeight: async (node, height, options = {}) =>
      call(
        'awaitHeight',
        { node: place(node, 'awaitHeight(node, …)'), height, ...sent(options) },
        options.signal,
      ),
    updateImage: async (target, image, options = {}) => {
      const at = place(target, 'updateImage(target, …)')
      const rest = { image, ...sent(options) }
      return 'validators' in target
        ? call('updateNetworkImage', { network: at, ...rest }, options.signal)
        : call('updateNodeImage', { node: at, ...rest }, options.signal)
    },
    govUpgrade: async (node, proposal) =>
      call('govUpgrade', { node: place(node, 'govUpgrade(node, …)'), ...split(proposal) }, proposal.signal),
    govParamChange: async (node, proposal) =>
      call(
        'govParamChange',
        { node: place(node, 'govParamChange(node, …)'), ...split(proposal) },
        proposal.signal,
      ),
    govVote: async (node, vote) => {
      const { proposal, ...rest } = split(vote)
      return call('govVote', { node: place(node, 'govVote(node, …)'), vote: proposal, ...rest }, vote.signal)
    },
    networkUpgrade: async (network, { followers = [], ...upgrade }) => {
      const { proposal, ...rest } = split<Omit<NetworkUpgrade, 'followers'>>(upgrade)
      const args = {
        network: place(network, 'networkUpgrade(network, …)'),
        followers: followers.map((node, i) => place(node, `networkUpgrade(…, { followers[${i}] })`)),
        upgrade: proposal,
        ...rest,
      }
      return call('networkUpgrade', args, upgrade.signal)
    },
    each: async (nodes, operation, options = {}) => {
      accepted(checkFanOut(nodes, options))
      const outcome = await fanOut(nodes, operation, options)
      if (!outcome.met) throw errors.fanOut(outcome)
      return { succeeded: outcome.succeeded, failed: outcome.failed }
    },
  }
}

/** Options without what cannot travel. */
function sent<T extends WaitOptions>(options: T): Omit<T, 'signal'> {
  const { signal: _, ...rest } = options
  return rest
}

/** An operation's subject apart from its options. */
function split<T extends WaitOptions>(given: T): { proposal: T; timeoutMs?: number } {
  const { signal: _, timeoutMs, ...proposal } = given
  return { proposal: proposal as T, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
}
