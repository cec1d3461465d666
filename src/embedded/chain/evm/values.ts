import { localEvmChainId } from '../../../contract/ports.ts'
import type { SeidNode } from '../seid-node.ts'
import { invalidParams, refused } from './errors.ts'

export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

/** CometBFT's upper-case hash as the EVM side writes it. */
export function evmHash(hash: string): string {
  return `0x${hash.toLowerCase()}`
}

export const zeroHash: string = `0x${'0'.repeat(64)}`
export const zeroBloom: string = `0x${'0'.repeat(512)}`

const publicChains: Readonly<Record<string, number>> = {
  'pacific-1': 1_329,
  'atlantic-2': 1_328,
  'arctic-1': 713_715,
}

/** EVM chain id of a Cosmos chain id; all but the public chains share one. */
export function evmChainId(chainId: string): number {
  return publicChains[chainId] ?? localEvmChainId
}

/** 40 lower-case hex digits of an address parameter. */
export function addressParam(params: readonly unknown[], index: number): string {
  const value = params[index]
  if (typeof value === 'string' && /^0x[0-9a-f]{40}$/i.test(value)) return value.slice(2).toLowerCase()
  if (value === undefined) throw invalidParams(`missing value for required argument ${index}`)
  throw invalidParams(
    `invalid argument ${index}: json: cannot unmarshal ${JSON.stringify(value)} into Go value of type common.Address`,
  )
}

export function hashParam(params: readonly unknown[], index: number): string {
  const value = params[index]
  if (typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)) return value.toLowerCase()
  if (value === undefined) throw invalidParams(`missing value for required argument ${index}`)
  throw invalidParams(
    `invalid argument ${index}: json: cannot unmarshal ${JSON.stringify(value)} into Go value of type common.Hash`,
  )
}

/**
 * Height a block parameter names: a hex number, a tag (all but `earliest` are the tip, which is final at once), or an
 * object with `blockNumber`. May be above the tip.
 */
export function blockParam(node: SeidNode, params: readonly unknown[], index: number): number {
  const given = params[index]
  const value =
    typeof given === 'object' && given !== null && 'blockNumber' in given ? given.blockNumber : given
  if (value === undefined || value === null) return node.view.height
  if (value === 'earliest') return Math.max(1, node.view.earliestHeight)
  if (['latest', 'pending', 'safe', 'finalized'].includes(String(value))) return node.view.height
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)) return Number(value)
  throw invalidParams(`invalid argument ${index}: hex string without 0x prefix`)
}

/** A block parameter of a state read: only what this node has can be read. */
export function stateHeight(node: SeidNode, params: readonly unknown[], index: number): number {
  const height = blockParam(node, params, index)
  const { earliestHeight, height: tip } = node.view
  if (height > tip) throw refused(`requested height ${height} is not yet available; safe latest is ${tip}`)
  if (height > 0 && height < earliestHeight)
    throw refused(`requested height ${height} has been pruned; earliest available is ${earliestHeight}`)
  return height
}
