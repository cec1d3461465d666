import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateStep } from '../contract/gates.ts'
import { describeStand } from './consensus-gate.ts'
import { readConsensusState } from './consensus-state.ts'
import type { LikelyCause } from './gate-types.ts'
import { isRecord, readNumber } from './json.ts'
import { readNetInfo } from './net-info.ts'
import { readStatusReading, rpcGet, type ProbeOptions } from './seid-rpc.ts'

/** The likely cause of a node that stands at `step`, from what the node itself says. Never throws. */
export async function likelyChainCause(
  step: GateStep,
  endpoints: NodeEndpoints | undefined,
  options: ProbeOptions,
): Promise<LikelyCause> {
  // A chain that stands does so for all of its nodes.
  const own = step.gate !== 'phase' && step.gate !== 'advancing'
  return { cause: await describeCause(step, endpoints, options), own }
}

async function describeCause(
  step: GateStep,
  endpoints: NodeEndpoints | undefined,
  options: ProbeOptions,
): Promise<string> {
  const refused = step.lastValue === 'connection refused'
  switch (step.gate) {
    case 'phase':
      return 'the controller is still working on it; its plan and pod show no fault'
    case 'rpc':
      return refused
        ? 'seid has not opened its RPC port: it is still before the handshake, or it exited'
        : 'the RPC port answers, but not as a Sei node does'
    case 'height':
    case 'advancing':
      if (endpoints === undefined || refused)
        return 'seid stopped answering after its RPC had opened: it exited'
      return await consensusCause(step, endpoints.tendermintRpc, options).catch(
        () => 'the node gives no answer that would tell why',
      )
    case 'evm':
      return refused
        ? 'EVM opens only after this process has run InitChain or committed a block, and only where evm.http_enabled is true'
        : 'the EVM listener answers with errors'
    case 'rest':
      return refused
        ? 'REST binds after RPC and EVM, and only where api.rest.enable is true'
        : 'the REST listener answers with errors'
  }
}

async function consensusCause(step: GateStep, rpcUrl: string, options: ProbeOptions): Promise<string> {
  const { status, maxPeerHeight } = await readStatusReading(rpcUrl, options)
  const peers = await readNetInfo(rpcUrl, options).catch(() => undefined)
  const links = peers?.connections.length ?? 0
  if (status.catchingUp && peers !== undefined && links < 2) {
    return `the node has ${links} live peer${links === 1 ? '' : 's'}, and never leaves block sync with fewer than two`
  }
  if (status.catchingUp) return catchingUpCause(step, status.latestHeight, maxPeerHeight, links)
  const [state, appHeight] = await Promise.all([
    readConsensusState(rpcUrl, options).catch(() => undefined),
    readAppHeight(rpcUrl, options).catch(() => undefined),
  ])
  if (appHeight !== undefined && appHeight > 0 && appHeight < status.latestHeight) {
    return `execution stopped: the block store has height ${status.latestHeight}, the application ${appHeight}`
  }
  if (state === undefined) return `no block above height ${status.latestHeight} is committed`
  return describeStand(status.latestHeight, state.prevoteShare)
}

function catchingUpCause(step: GateStep, height: number, best: number, links: number): string {
  if (height === 0) {
    return `no block yet: ${links} live peers, but validators with more than 2/3 of the power have not all started`
  }
  if (height > 1 && height >= best - 1) {
    return `the node is at its peers' height, ${height}, but has not left block sync`
  }
  if (step.firstValue === step.lastValue)
    return `block sync stands at height ${height} with ${links} live peers`
  return `the node still replays blocks, at height ${height} of ${best}`
}

async function readAppHeight(rpcUrl: string, options: ProbeOptions): Promise<number | undefined> {
  const info = await rpcGet<unknown>(rpcUrl, 'abci_info', {}, options)
  return isRecord(info) && isRecord(info.response) ? readNumber(info.response.last_block_height) : undefined
}
