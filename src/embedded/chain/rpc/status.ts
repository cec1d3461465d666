import { printIntent } from '../halt/intent.ts'
import { nodeInfo } from '../identity.ts'
import { genesisDocument } from '../genesis-document.ts'
import { hexToBase64 } from '../encoding.ts'
import type { SeidNode } from '../seid-node.ts'
import type { NodeView } from '../types.ts'
import { RpcError, internalError } from './errors.ts'
import type { RpcMethods } from './method.ts'

/** What a node that does not validate shows: the zero key and its address. */
const noValidator = {
  address: '66687AADF862BD776C8FC18B8E9F8E2008971485',
  pubKey: Buffer.alloc(32).toString('base64'),
}
const genesisChunkBytes = 16 * 1_024 * 1_024

/** Times a flapping node was asked, per node. */
const asked = new WeakMap<SeidNode, number>()

export const statusMethods: RpcMethods = {
  health: { params: {}, run: () => ({}) },
  status: { params: {}, run: status },
  lag_status: { params: {}, run: lagStatus },
  net_info: { params: {}, run: netInfo },
  abci_info: { params: {}, run: abciInfo },
  genesis: { params: {}, run: (node) => ({ genesis: genesisDocument(node.config.genesis) }) },
  genesis_chunked: {
    params: { chunk: 'int' },
    run: (node, args) => genesisChunk(node, args.int('chunk') ?? 0),
  },
}

/** `catching_up` as the node reports it, ordered misbehaviour included. */
export function reportsCatchingUp(node: SeidNode): boolean {
  return node.config.faults.neverCaughtUp === true || node.view.catchingUp
}

function status(node: SeidNode): unknown {
  const { config, view } = node
  const flapped = flaps(node)
  const validator =
    config.home.validator !== undefined && view.votingPower > 0 ? config.home.validator : undefined
  return {
    node_info: nodeInfo(node),
    application_info: { version: String(view.appVersion) },
    sync_info: syncInfo(node, view, flapped),
    validator_info: {
      address: validator?.address ?? noValidator.address,
      pub_key: { type: 'tendermint/PubKeyEd25519', value: validator?.pubKey ?? noValidator.pubKey },
      voting_power: String(view.votingPower),
    },
    ...haltIntent(node),
  }
}

/** No released seid has the key; a node of the proposed contract has it from its halt on, or `null` before. */
function haltIntent({ config: { faults }, intent }: SeidNode): { halt_intent?: unknown } {
  if (intent !== undefined) return { halt_intent: printIntent(intent, faults.haltStrings === true) }
  return faults.haltNull === true ? { halt_intent: null } : {}
}

function syncInfo(node: SeidNode, view: NodeView, flapped: boolean): unknown {
  const back = flapped && view.height > 0
  const height = String(back ? 1 : view.height)
  return {
    latest_block_hash: back ? view.earliestHash : view.blockHash,
    latest_app_hash: back ? view.earliestAppHash : view.appHash,
    latest_block_height: height,
    latest_block_time: back ? view.earliestTime : view.blockTime,
    last_committed_block_height: height,
    earliest_block_hash: view.earliestHash,
    earliest_app_hash: view.earliestAppHash,
    earliest_block_height: String(view.earliestHeight),
    earliest_block_time: view.earliestTime,
    max_peer_block_height: String(node.peerHeight()),
    catching_up: flapped || reportsCatchingUp(node),
    total_synced_time: '0',
    remaining_time: '0',
    total_snapshots: '0',
    chunk_process_avg_time: '0',
    snapshot_height: '0',
    snapshot_chunks_count: '0',
    snapshot_chunks_total: '0',
    backfilled_blocks: '0',
    backfill_blocks_total: '0',
  }
}

function flaps(node: SeidNode): boolean {
  if (node.config.faults.statusFlaps !== true) return false
  const before = asked.get(node) ?? 0
  asked.set(node, before + 1)
  return before % 2 === 1
}

function lagStatus(node: SeidNode): unknown {
  const peers = node.peerHeight()
  const lag = Math.max(0, peers - node.view.height)
  const result = {
    current_height: String(node.view.height),
    max_peer_height: String(peers),
    lag: String(lag),
  }
  if (lag > node.settings.lagThreshold)
    throw new RpcError(-32604, `lag is ${lag}, threshold is ${node.settings.lagThreshold}`, result)
  return result
}

async function netInfo(node: SeidNode): Promise<unknown> {
  const { known, live } = await node.session.query('peers')
  return {
    listening: true,
    listeners: [`Listener(@${node.settings.externalAddress})`],
    n_peers: String(known.length),
    peers: orNull(known.map(({ id, address }) => ({ node_id: id, url: `mconn://${id}@${address}` }))),
    peer_connections: orNull(live.map((id) => ({ node_id: id, state: 'ready,connected', score: '100' }))),
  }
}

function abciInfo(node: SeidNode): unknown {
  const { view } = node
  return {
    response: {
      data: 'sei',
      version: node.version,
      ...(view.appVersion === 0 ? {} : { app_version: String(view.appVersion) }),
      ...(view.appHeight === 0 ? {} : { last_block_height: String(view.appHeight) }),
      last_block_app_hash: view.appHeight === 0 ? null : hexToBase64(view.stateHash),
      minimum_gas_prices: node.settings.minGasPrices,
    },
  }
}

function genesisChunk(node: SeidNode, chunk: number): unknown {
  const bytes = Buffer.from(JSON.stringify(genesisDocument(node.config.genesis)))
  const total = Math.ceil(bytes.length / genesisChunkBytes)
  if (chunk < 0 || chunk >= total) throw internalError(`there are ${total - 1} chunks, ${chunk} is invalid`)
  const data = bytes.subarray(chunk * genesisChunkBytes, (chunk + 1) * genesisChunkBytes)
  return { chunk: String(chunk), total: String(total), data: data.toString('base64') }
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list
}
