import type { SeiNode, SeiNodeStatus } from '../../../contract/crds/head/seinode.ts'
import type { ConditionChange } from '../runtime/conditions.ts'
import { findCondition } from '../runtime/conditions.ts'
import { snapshotOf } from './mode.ts'

const fewest = 2

export interface GateVerdict {
  readonly condition: ConditionChange
  readonly syncers: readonly string[]
  readonly blocked: boolean
}

/**
 * Whether a node that starts from a snapshot has the witnesses it needs: two of its own, else two that are registered for
 * its chain.
 */
export function stateSyncGate(
  node: SeiNode,
  registry: Readonly<Record<string, readonly string[]>>,
): GateVerdict {
  const snapshot = snapshotOf(node)
  const { chainId } = node.spec
  if (snapshot === undefined)
    return verdict('False', 'NotApplicable', 'node does not bootstrap from a snapshot', [], false)
  const declared = distinct(snapshot.rpcServers ?? [])
  if (declared.length >= fewest) {
    const message = `${declared.length} rpc-servers declared on spec for chain "${chainId}"`
    return verdict('True', 'Ready', message, declared, false)
  }
  const registered = distinct(registry[chainId] ?? [])
  if (registered.length >= fewest) {
    const message = `${registered.length} canonical syncers configured for chain "${chainId}"`
    return verdict('True', 'Ready', message, registered, false)
  }
  const message =
    `state sync requires >=${fewest} canonical syncers configured for chain "${chainId}"; found ${registered.length} — ` +
    'register syncers for the chain in the controller config, or declare ' +
    `>=${fewest} spec.fullNode.snapshot.rpcServers on the SeiNode`
  return verdict('False', 'NoSyncersConfigured', message, [], true)
}

/** The gate holds a node back only before it runs; a running one is never blocked by it. */
export function gateBlocksPlan(node: SeiNode, status: SeiNodeStatus): boolean {
  if (status.phase === 'Running' || snapshotOf(node) === undefined) return false
  const condition = findCondition(status.conditions, 'StateSyncReady')
  return condition !== undefined && condition.status !== 'True'
}

function verdict(
  status: ConditionChange['status'],
  reason: string,
  message: string,
  syncers: readonly string[],
  blocked: boolean,
): GateVerdict {
  return { condition: { type: 'StateSyncReady', status, reason, message }, syncers, blocked }
}

function distinct(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].toSorted()
}
