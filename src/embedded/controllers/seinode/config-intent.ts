import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { configModeOf, roleOf, snapshotGenerationOf } from './mode.ts'

/** Blocks between two snapshots of a node that makes them; sei-config's default. */
const snapshotInterval = 2000

/**
 * What `config-apply` gets: the mode and the overrides, where the controller's common ones give way to those of the mode,
 * and both to the user's.
 */
export function configIntent(node: SeiNode): { mode: string; overrides: Record<string, string> } {
  const overrides = { ...commonOverrides(node), ...modeOverrides(node), ...node.spec.overrides }
  const sorted = Object.entries(overrides).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { mode: configModeOf(node), overrides: Object.fromEntries(sorted) }
}

/** Peers as seid's configuration wants them. */
function persistentPeers(node: SeiNode): string {
  return (node.status?.resolvedPeers ?? []).join(',')
}

/** What an update plan writes into config.toml. */
export function p2pPatch(node: SeiNode): Record<string, unknown> {
  const p2p = {
    'external-address': node.spec.externalAddress ?? '',
    'persistent-peers': persistentPeers(node),
  }
  return { files: { 'config.toml': { p2p } } }
}

function commonOverrides(node: SeiNode): Record<string, string> {
  const external = node.spec.externalAddress ?? ''
  return {
    'logging.level': 'error',
    'network.p2p.persistent_peers': persistentPeers(node),
    ...(external === '' ? {} : { 'network.p2p.external_address': external }),
  }
}

function modeOverrides(node: SeiNode): Record<string, string> {
  if (roleOf(node) === 'replayer')
    return {
      'storage.state_commit.async_commit_buffer': '100',
      'storage.state_commit.memiavl.snapshot_keep_recent': '2',
      'storage.state_commit.memiavl.snapshot_min_time_interval': '3600',
    }
  const keepRecent = snapshotGenerationOf(node)?.tendermint?.keepRecent
  if (keepRecent === undefined) return {}
  return {
    'storage.snapshot_interval': String(snapshotInterval),
    'storage.snapshot_keep_recent': String(keepRecent),
  }
}
