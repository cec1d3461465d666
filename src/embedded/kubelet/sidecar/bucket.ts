import type { ChainGenesis } from '../../chain/types.ts'
import type { Gentx } from './files.ts'

/** What the sidecars of one chain exchange during its genesis ceremony. */
export interface ChainArtifacts {
  readonly gentxs: Map<string, { readonly nodeId: string; readonly gentx: Gentx }>
  genesis?: { readonly document: ChainGenesis; readonly hash: string }
  /** `<node id>@<host>:<port>` of every genesis validator. */
  peers: readonly string[]
}

/**
 * The object store of an embedded cluster, in memory. Like a real bucket it forgets nothing when a network is deleted:
 * a chain id that is used again finds the artifacts of its predecessor.
 */
export interface ArtifactBucket {
  chain(bucket: string, chainId: string): ChainArtifacts
}

export function createBucket(): ArtifactBucket {
  const chains = new Map<string, ChainArtifacts>()
  return {
    chain(bucket, chainId) {
      const key = `${bucket}/${chainId}`
      let artifacts = chains.get(key)
      if (artifacts === undefined) chains.set(key, (artifacts = { gentxs: new Map(), peers: [] }))
      return artifacts
    },
  }
}
