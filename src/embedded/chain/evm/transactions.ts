import { effectiveGasPrice, intrinsicGas } from '../ledger.ts'
import type { ChainBlock, EvmTx, IncludedTx, PendingTx } from '../messages.ts'
import { invalidParams, refused } from './errors.ts'
import type { EvmMethods, EvmScope } from './method.ts'
import { addressParam, evmChainId, evmHash, hashParam, quantity, stateHeight, zeroBloom } from './values.ts'
import { errorText } from '../../../errors/error-text.ts'

export const transactionMethods: EvmMethods = {
  eth_sendRawTransaction: sendRawTransaction,
  eth_getTransactionByHash: async ({ node }, params) => {
    const found = await node.session.query('evmTx', hashParam(params, 0))
    if (found === undefined) return null
    const block = found.height === undefined ? undefined : await node.session.query('block', found.height)
    return evmTransaction(found, block)
  },
  eth_getTransactionReceipt: async ({ node }, params) => {
    const found = await node.session.query('evmTx', hashParam(params, 0))
    if (found?.height === undefined) return null
    const block = await node.session.query('block', found.height)
    return block === undefined ? null : evmReceipt(found, block)
  },
  eth_getTransactionErrorByHash: async ({ node }, params) => {
    const found = await node.session.query('evmTx', hashParam(params, 0))
    if (found?.height === undefined) throw refused('not found')
    return found.result.log
  },
  eth_getVMError: async ({ node }, params) => {
    const found = await node.session.query('evmTx', hashParam(params, 0))
    if (found?.height === undefined) throw refused('not found')
    return found.result.log
  },
  eth_getTransactionCount: async ({ node }, params) => {
    stateHeight(node, params, 1)
    const { nonce, pendingNonce } = await node.session.query('evmAccount', addressParam(params, 0))
    return quantity(params[1] === 'pending' ? pendingNonce : nonce)
  },
  eth_getBalance: async ({ node }, params) => {
    stateHeight(node, params, 1)
    return quantity((await node.session.query('evmAccount', addressParam(params, 0))).wei)
  },
  eth_getCode: ({ node }, params) => {
    addressParam(params, 0)
    stateHeight(node, params, 1)
    return '0x'
  },
  eth_getStorageAt: ({ node }, params) => {
    addressParam(params, 0)
    stateHeight(node, params, 2)
    return `0x${'0'.repeat(64)}`
  },
  eth_call: ({ node }, params) => {
    stateHeight(node, params, 1)
    callParam(params)
    return '0x'
  },
  eth_estimateGas: async (scope, params) => quantity(await estimate(scope, params)),
  eth_createAccessList: async (scope, params) => ({
    accessList: [],
    gasUsed: quantity(await estimate(scope, params)),
  }),
  txpool_content: async ({ node }) => {
    const pending: Record<string, Record<string, unknown>> = {}
    for (const tx of await node.session.query('mempool')) {
      if (tx.evm === undefined) continue
      const queue = (pending[`0x${tx.evm.from}`] ??= {})
      queue[String(tx.evm.nonce)] = evmTransaction({ tx, height: undefined }, undefined)
    }
    return { pending, queued: {} }
  },
}

async function sendRawTransaction({ node }: EvmScope, [raw]: readonly unknown[]): Promise<string> {
  if (typeof raw !== 'string' || !/^0x([0-9a-f]{2})+$/i.test(raw))
    throw invalidParams('invalid argument 0: json: cannot unmarshal into Go value of type hexutil.Bytes')
  // The curve is only loaded by the first node that is sent a transaction.
  const { decodeRawTransaction } = await import('./raw-transaction.ts')
  const bytes = Buffer.from(raw.slice(2), 'hex')
  let evm: EvmTx
  try {
    evm = decodeRawTransaction(bytes)
  } catch (error) {
    throw refused(errorText(error))
  }
  const chainId = evmChainId(node.config.genesis.chainId)
  if (evm.chainId !== undefined && evm.chainId !== BigInt(chainId))
    throw refused(`chain ID mismatch: invalid chain-id: have ${evm.chainId} want ${chainId}`)
  const checked = await node.session.query('broadcast', { bytes: bytes.toString('base64'), evm })
  if (checked.code !== 0) throw refused(checked.log)
  return evm.hash
}

function callParam(params: readonly unknown[]): { from?: string; value: bigint; data: string } {
  const [call] = params
  if (typeof call !== 'object' || call === null) throw invalidParams('missing value for required argument 0')
  const { from, to, value, data, input } = call as Readonly<Record<string, unknown>>
  if (to === undefined || to === null)
    throw refused('contract creation is not available on a simulated chain: it runs plain transfers only')
  const bytes = typeof input === 'string' ? input : typeof data === 'string' ? data : '0x'
  return {
    ...(typeof from === 'string' ? { from: addressParam([from], 0) } : {}),
    value: typeof value === 'string' ? BigInt(value) : 0n,
    data: bytes,
  }
}

async function estimate({ node }: EvmScope, params: readonly unknown[]): Promise<bigint> {
  const call = callParam(params)
  if (call.from !== undefined && call.value > 0n) {
    const { wei } = await node.session.query('evmAccount', call.from)
    if (wei < call.value) throw refused(`insufficient funds for transfer: address 0x${call.from}`)
  }
  return intrinsicGas(call.data)
}

export function evmTransaction(
  found: IncludedTx | PendingTx,
  block: ChainBlock | undefined,
): Record<string, unknown> | null {
  const { evm } = found.tx
  if (evm === undefined) return null
  return {
    blockHash: block === undefined ? null : evmHash(block.commit.hash),
    blockNumber: found.height === undefined ? null : quantity(found.height),
    from: `0x${evm.from}`,
    gas: quantity(evm.gas),
    gasPrice: quantity(effectiveGasPrice(evm)),
    ...(evm.type === 2
      ? { maxFeePerGas: quantity(evm.feeCap), maxPriorityFeePerGas: quantity(evm.tipCap) }
      : {}),
    hash: evm.hash,
    input: evm.data,
    nonce: quantity(evm.nonce),
    to: `0x${evm.to}`,
    transactionIndex: found.height === undefined ? null : quantity(evmIndex(found, block)),
    value: quantity(evm.value),
    type: quantity(evm.type),
    ...(evm.type === 0 ? {} : { accessList: [] }),
    ...(evm.chainId === undefined ? {} : { chainId: quantity(evm.chainId) }),
    v: quantity(evm.v),
    r: quantity(evm.r),
    s: quantity(evm.s),
    ...(evm.type === 0 ? {} : { yParity: quantity(evm.yParity) }),
  }
}

export function evmReceipt(found: IncludedTx, block: ChainBlock): Record<string, unknown> | null {
  const { evm } = found.tx
  if (evm === undefined) return null
  const cumulative = block.results.slice(0, found.index + 1).reduce((sum, result) => sum + result.gasUsed, 0)
  return {
    blockHash: evmHash(block.commit.hash),
    blockNumber: quantity(found.height),
    contractAddress: null,
    cumulativeGasUsed: quantity(cumulative),
    effectiveGasPrice: quantity(effectiveGasPrice(evm)),
    from: `0x${evm.from}`,
    gasUsed: quantity(found.result.gasUsed),
    logs: [],
    logsBloom: zeroBloom,
    status: found.result.code === 0 ? '0x1' : '0x0',
    to: `0x${evm.to}`,
    transactionHash: evm.hash,
    transactionIndex: quantity(evmIndex(found, block)),
    type: quantity(evm.type),
  }
}

/** Index among the block's Ethereum transactions. */
function evmIndex(found: IncludedTx, block: ChainBlock | undefined): number {
  return (block?.txs ?? []).slice(0, found.index).filter((tx) => tx.evm !== undefined).length
}
