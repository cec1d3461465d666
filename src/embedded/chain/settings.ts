import type { SeidConfig } from './types.ts'

/** What a node's effective configuration means to its front ends; keys are sei-config's. */
export interface NodeSettings {
  /** Off: transactions cannot be looked up by hash. Validators index nothing by default. */
  readonly indexesTxs: boolean
  /** Blocks behind its peers from which `/lag_status` fails. */
  readonly lagThreshold: number
  /** The node commits a block of at least this height, then exits 0. 0 is off. */
  readonly haltHeight: number
  /** The node stays up but commits nothing from this height on. 0 is off. */
  readonly freezeHeight: number
  readonly peerExchange: boolean
  /** A node whose store is empty begins from a peer's snapshot. */
  readonly stateSync: boolean
  /** Blocks between the snapshots that it keeps for others. 0 is off. */
  readonly snapshotInterval: number
  readonly externalAddress: string
  readonly minGasPrices: string
  readonly legacySeiApis: readonly string[]
  readonly websocket: boolean
  /** Servers beside REST that each hold up the end of the boot by 5 s. */
  readonly grpc: boolean
  readonly grpcWeb: boolean
}

export function settingsOf({ config, faults, mode }: SeidConfig): NodeSettings {
  const serves = mode === 'full' || mode === 'archive'
  const text = (key: string, fallback: string): string => config[key] ?? fallback
  const flag = (key: string, fallback: boolean): boolean => text(key, String(fallback)) === 'true'
  const number = (key: string, fallback: number): number => {
    const value = Number(config[key])
    return config[key] === undefined || !Number.isFinite(value) ? fallback : value
  }
  return {
    indexesTxs: listOf(text('tx_index.indexer', serves ? 'kv' : 'null')).includes('kv'),
    lagThreshold: number('network.rpc.lag_threshold', 300),
    haltHeight: number('chain.halt_height', 0),
    freezeHeight: faults.freezeAtHeight ?? number('chain.freeze_height', 0),
    peerExchange: flag('network.p2p.pex', true),
    stateSync: flag('statesync.enable', false),
    snapshotInterval: number('storage.snapshot_interval', 0),
    externalAddress: text('network.p2p.external_address', ''),
    minGasPrices: text('chain.min_gas_prices', '0.010000000000000000usei'),
    legacySeiApis: listOf(text('evm.enabled_legacy_sei_apis', '')),
    websocket: !flag('network.rpc.experimental_disable_websocket', false),
    grpc: flag('api.grpc.enable', serves),
    grpcWeb: flag('api.grpc_web.enable', serves),
  }
}

/** A list in either notation: `a,b` or `["a","b"]`. */
function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.replaceAll(/[[\]"'\s]/g, ''))
    .filter((part) => part !== '')
}

/** The tag without what was ordered in it. */
export function imageTag(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1).split('@')[0] ?? ''
  const colon = name.indexOf(':')
  return colon < 0 ? '' : (name.slice(colon + 1).split('--')[0] ?? '')
}

/** The release an image's tag names; images without one report the release the simulation was recorded from. */
export function imageVersion(image: string): string {
  const tag = imageTag(image)
  return versionPattern.test(tag) ? tag : 'v6.6.2-73f917bbd'
}

/** `v3`, `6.6.2` and `v6.6.2-rc1` are versions; `dev`, `3` and a hash are none. */
export const versionPattern: RegExp = /^(?:v\d+(?:\.\d+)*|\d+(?:\.\d+)+)(?=$|-)/
