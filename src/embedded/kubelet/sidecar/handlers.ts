import type { Era } from '../../../contract/crds/eras.ts'
import { assembleGenesis, hashOf } from './ceremony.ts'
import { governanceTasks } from './governance.ts'
import type { TaskContext, TaskHandler } from './handler.ts'
import { newHome, newOperator } from './identity.ts'
import { nodeTasks } from './node-tasks.ts'
import * as read from './params.ts'

/**
 * The task types of the ceremony, of node initialisation and of running nodes. Any other type is refused with 400, as a sidecar of an
 * older version would. What is only recorded on a real node's disk is recorded in `NodeFiles`.
 */
const handlers: ReadonlyMap<string, TaskHandler> = new Map(
  Object.entries<TaskHandler>({
    'generate-identity': { durationMs: 300, run: generateIdentity },
    'generate-gentx': { durationMs: 1_000, check: checkGentx, run: generateGentx },
    'upload-genesis-artifacts': { durationMs: 300, run: uploadArtifacts },
    'assemble-and-upload-genesis': { durationMs: 1_000, run: assembleAndUpload },
    'configure-genesis': { durationMs: 200, run: configureGenesis },
    'set-genesis-peers': { durationMs: 100, run: setGenesisPeers },
    'config-apply': { durationMs: 200, check: modeOf, run: configApply },
    'config-patch': { durationMs: 100, run: configPatch },
    'config-validate': { durationMs: 100, run: configValidate },
    'configure-state-sync': { durationMs: 500, check: witnessesOf, run: configureStateSync },
    'snapshot-restore': { durationMs: 1_000, run: snapshotRestore },
    'mark-ready': { durationMs: 0, run: (_params, context) => context.gate.set(true) },
    'mark-not-ready': { durationMs: 0, run: (_params, context) => context.gate.set(false) },
    ...nodeTasks,
    ...governanceTasks,
  }),
)

/** Discovery of peers left the sidecar soon after June 2026. */
const onlyInJune: ReadonlySet<string> = new Set(['discover-peers'])

/** `undefined` for a type that a sidecar of this era does not know. */
export function handlerOf(type: string, era: Era): TaskHandler | undefined {
  return onlyInJune.has(type) && era !== 'june' ? undefined : handlers.get(type)
}

function generateIdentity(params: read.Params, { files }: TaskContext): void {
  const moniker = read.text(params, 'moniker')
  const home = files.home ?? newHome(moniker)
  files.home = home.validator === undefined ? home : { ...home, validator: { ...home.validator, moniker } }
}

function checkGentx(params: read.Params, { files, chainId, ceremonyFails }: TaskContext): void {
  if (read.text(params, 'chainId') !== chainId)
    throw new Error(`chain id does not match SEI_CHAIN_ID ${chainId}`)
  if (files.home?.validator === undefined) throw new Error('no identity: run generate-identity first')
  if (ceremonyFails) throw new Error('gentx failed: ordered by fault ceremony-fails')
}

function generateGentx(params: read.Params, { files }: TaskContext): void {
  const validator = files.home?.validator
  if (files.home === undefined || validator === undefined) return
  const power = powerOf(read.text(params, 'stakingAmount'))
  const made = validator.operator === undefined ? newOperator() : undefined
  const operator = made?.address ?? validator.operator ?? ''
  const staked = { ...validator, power, operator }
  files.home = { ...files.home, validator: staked, operatorKey: made?.key ?? files.home.operatorKey }
  files.gentx = {
    validator: staked,
    account: { address: operator, balance: read.text(params, 'accountBalance') },
  }
}

function uploadArtifacts(params: read.Params, { files, artifacts }: TaskContext): void {
  if (files.home === undefined || files.gentx === undefined)
    throw new Error('no gentx: run generate-gentx first')
  artifacts.gentxs.set(read.text(params, 'nodeName'), { nodeId: files.home.nodeId, gentx: files.gentx })
}

function assembleAndUpload(
  params: read.Params,
  { artifacts, chainId, now }: TaskContext,
): { genesisHash: string } {
  const { document, peers } = assembleGenesis(params, artifacts, chainId, now())
  artifacts.genesis = { document, hash: hashOf(document) }
  artifacts.peers = peers
  return { genesisHash: artifacts.genesis.hash }
}

function configureGenesis(params: read.Params, { files, artifacts, chainId }: TaskContext): void {
  const { genesis } = artifacts
  if (genesis === undefined) throw new Error(`genesis.json of ${chainId} is not in the bucket yet`)
  const expected = read.optionalText(params, 'expectedGenesisHash') ?? ''
  if (expected !== '' && expected !== genesis.hash)
    throw new Error(`genesis hash is ${genesis.hash}, expected ${expected}`)
  files.genesis = genesis.document
}

function setGenesisPeers(_params: read.Params, { files, artifacts }: TaskContext): void {
  if (artifacts.peers.length === 0) throw new Error('peers.json is not in the bucket yet')
  const own = `${files.home?.nodeId ?? ''}@`
  files.persistentPeers = artifacts.peers.filter((peer) => !peer.startsWith(own))
}

const modes = ['validator', 'full', 'archive', 'seed'] as const

function modeOf(params: read.Params): (typeof modes)[number] {
  const wanted = read.text(params, 'mode')
  const mode = modes.find((mode) => mode === wanted)
  if (mode === undefined) throw new Error(`unknown mode ${JSON.stringify(wanted)}`)
  return mode
}

function configApply(params: read.Params, { files }: TaskContext): void {
  const overrides = read.stringMap(params, 'overrides')
  files.mode = modeOf(params)
  files.overrides = params['incremental'] === true ? { ...files.overrides, ...overrides } : overrides
  const peers = overrides['network.p2p.persistent_peers']
  if (peers !== undefined) files.persistentPeers = read.commaList(peers)
}

function configPatch(params: read.Params, { files }: TaskContext): void {
  const peers = read.path(params, 'files', 'config.toml', 'p2p', 'persistent-peers')
  if (typeof peers === 'string') files.persistentPeers = read.commaList(peers)
}

function configValidate(_params: read.Params, { files }: TaskContext): void {
  if (files.genesis === undefined)
    throw new Error('config.toml and app.toml are fine, but there is no genesis.json')
}

function witnessesOf(params: read.Params): string[] {
  const servers = read.stringList(params, 'rpcServers')
  if (servers.length < 2) throw new Error(`state sync needs two RPC servers, got ${servers.length}`)
  return servers
}

function configureStateSync(params: read.Params, { files }: TaskContext): void {
  files.overrides = {
    ...files.overrides,
    'statesync.enable': 'true',
    'statesync.rpc_servers': witnessesOf(params).join(','),
  }
}

function snapshotRestore(): never {
  throw new Error('the snapshot bucket is empty')
}

/** Voting power of a self-bond: whole Sei, i.e. millions of usei. */
function powerOf(stake: string): number {
  const match = /^(\d+)usei$/.exec(stake)
  if (match === null) throw new Error(`invalid staking amount ${JSON.stringify(stake)}`)
  return Number(BigInt(match[1] ?? '0') / 1_000_000n)
}
