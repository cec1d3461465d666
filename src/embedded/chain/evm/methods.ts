import { accountHex, bech32Address } from '../encoding.ts'
import { blockMethods } from './blocks.ts'
import { EvmError, refused } from './errors.ts'
import { filterMethods } from './filters.ts'
import { infoMethods } from './info.ts'
import type { EvmMethod, EvmMethods } from './method.ts'
import { transactionMethods } from './transactions.ts'
import { addressParam } from './values.ts'

/** Registered on the real node only to be refused. */
const unsupported = [
  'eth_syncing',
  'eth_getProof',
  'eth_blobBaseFee',
  'eth_newPendingTransactionFilter',
  'debug_getRawBlock',
  'debug_getRawHeader',
  'debug_getRawReceipts',
  'debug_getRawTransaction',
]

/** Answered by the real node with an EVM or its keyring, which a simulation has not. */
const needsRealNode = [
  'eth_estimateGasAfterCalls',
  'eth_sign',
  'eth_signTransaction',
  'eth_sendTransaction',
  'debug_traceTransaction',
  'debug_traceCall',
  'debug_traceBlockByNumber',
  'debug_traceBlockByHash',
]

const legacyMethods: EvmMethods = {
  sei_getSeiAddress: gated('sei_getSeiAddress', async ({ node }, params) => {
    const { sei } = await node.session.query('association', addressParam(params, 0))
    if (sei === undefined) throw refused('failed to find Sei address')
    return bech32Address('sei', sei)
  }),
  sei_getEVMAddress: gated('sei_getEVMAddress', async ({ node }, [address]) => {
    const account = accountHex(String(address))
    if (account === undefined) throw refused(`decoding bech32 failed: invalid address ${String(address)}`)
    const { evm } = await node.session.query('association', account)
    if (evm === undefined) throw refused('failed to find EVM address')
    return `0x${evm}`
  }),
  sei_getCosmosTx: gated('sei_getCosmosTx', async ({ node }, [hash]) => {
    const found = await node.session.query('evmTx', String(hash).toLowerCase())
    if (found?.height === undefined) throw refused('transaction not found')
    return found.tx.hash
  }),
}

/** What port 8545 answers. */
export const evmHttpMethods: EvmMethods = {
  ...infoMethods,
  ...blockMethods,
  ...transactionMethods,
  ...filterMethods,
  ...Object.fromEntries(
    unsupported.map((name) => [name, refusing(`${name} is not supported on Sei EVM RPC`)]),
  ),
  ...Object.fromEntries(
    needsRealNode.map((name) => [name, refusing(`${name} is not available on a simulated chain`)]),
  ),
  ...legacyMethods,
}

/** What port 8546 answers, `eth_subscribe` and `eth_unsubscribe` apart. */
export const evmWsMethods: EvmMethods = Object.fromEntries(
  Object.entries(evmHttpMethods).filter(([name]) => /^(echo|eth|net|web3)_/.test(name)),
)

function refusing(message: string): EvmMethod {
  return () => {
    throw refused(message)
  }
}

/** A `sei_` method, refused unless the node's configuration lists it. */
function gated(name: string, method: EvmMethod): EvmMethod {
  return (scope, params) => {
    if (scope.node.settings.legacySeiApis.includes(name)) return method(scope, params)
    throw new EvmError(
      -32601,
      `${name} is not enabled on this node. Legacy sei_* JSON-RPC is deprecated and scheduled for removal.`,
      'legacy_sei_deprecated',
    )
  }
}
