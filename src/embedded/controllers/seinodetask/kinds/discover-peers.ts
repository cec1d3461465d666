import type { PeerSource } from '../../../../contract/crds/head/seinode.ts'
import type { TaskKind, Work } from '../kind.ts'
import { sidecarKind } from './sidecar.ts'

type WireSource =
  | { readonly type: 'ec2Tags'; readonly region: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly type: 'static'; readonly addresses: readonly string[] }

/** Writes the peers that the target declares into its config.toml; its seid reads them at its next start. */
export const discoverPeers: TaskKind = sidecarKind({
  payload: 'discoverPeers',
  type: 'discover-peers',
  timeoutMs: 120_000,
  // Rather no task than an empty list of peers.
  problem: (work) =>
    sourcesOf(work).length === 0
      ? `SeiNode ${work.target.metadata.name} has no usable peer sources: none declared, or labels that match no node yet`
      : undefined,
  params: (work) => ({ sources: sourcesOf(work) }),
})

function sourcesOf({ target }: Work): WireSource[] {
  const resolved = target.status?.resolvedPeers ?? []
  return (target.spec.peers ?? []).flatMap((source) => wireSource(source, resolved) ?? [])
}

/** Labels are resolved by the controller: the sidecar gets what they were resolved to. */
function wireSource(source: PeerSource, resolved: readonly string[]): WireSource | undefined {
  if (source.ec2Tags !== undefined) return { type: 'ec2Tags', ...source.ec2Tags }
  if (source.static !== undefined) return { type: 'static', addresses: source.static.addresses }
  return resolved.length === 0 ? undefined : { type: 'static', addresses: resolved }
}
