import { baseFeeWei, feeCollector } from '../ledger.ts'
import type { EvmMethods } from './method.ts'
import { refused } from './errors.ts'
import { blockParam, evmChainId, quantity } from './values.ts'

const tipWei = 1_000_000_000n
/** What the real node reports for every block. */
const gasUsedRatio = 0.5
/** Blocks of fee history in one answer, go-ethereum's bound. */
const maxFeeHistory = 1_024

export const infoMethods: EvmMethods = {
  eth_blockNumber: ({ node }) => quantity(node.view.appHeight),
  eth_chainId: ({ node }) => quantity(evmChainId(node.config.genesis.chainId)),
  net_version: ({ node }) => String(evmChainId(node.config.genesis.chainId)),
  web3_clientVersion: () => 'Geth/linux-amd64/go1.26.8',
  eth_gasPrice: () => quantity((baseFeeWei * 11n) / 10n),
  eth_maxPriorityFeePerGas: () => quantity(tipWei),
  eth_coinbase: () => `0x${feeCollector}`,
  eth_accounts: () => [],
  eth_feeHistory: ({ node }, params) => {
    const [count, , percentiles] = params
    const wanted = Math.min(Number(count), maxFeeHistory)
    const last = Math.min(blockParam(node, params, 1), node.view.height)
    if (last < 1) throw refused('requested last block is before genesis height')
    const oldest = Math.max(node.view.earliestHeight, last - wanted + 1)
    const blocks = Array.from({ length: Math.max(0, last - oldest + 1) })
    const asked = Array.isArray(percentiles) ? percentiles.length : 0
    return {
      oldestBlock: quantity(oldest),
      reward: blocks.map(() => Array.from({ length: asked }, () => quantity(tipWei))),
      baseFeePerGas: blocks.map(() => quantity(baseFeeWei)),
      gasUsedRatio: blocks.map(() => gasUsedRatio),
    }
  },
  echo_echo: (_scope, [text]) => text ?? '',
}
