import { sha256Hex } from '../encoding.ts'
import type { CheckedTx } from '../messages.ts'
import type { SeidNode } from '../seid-node.ts'
import { TxError } from './errors.ts'
import { readTx } from './read.ts'

/** Reads the bytes of a Cosmos transaction and hands it to the chain; what CheckTx refuses is an answer with its code. */
export function broadcastTx(node: SeidNode, bytes: Uint8Array): Promise<CheckedTx> {
  return hand(node, bytes, 'broadcast')
}

/** CheckTx without consequences. */
export function checkTx(node: SeidNode, bytes: Uint8Array): Promise<CheckedTx> {
  return hand(node, bytes, 'check')
}

async function hand(node: SeidNode, bytes: Uint8Array, query: 'broadcast' | 'check'): Promise<CheckedTx> {
  const { config, session, settings } = node
  try {
    const cosmos = await readTx(bytes, {
      chainId: config.genesis.chainId,
      minGasPrices: settings.minGasPrices,
      signer: (account) => session.query('account', account),
    })
    return await session.query(query, { bytes: Buffer.from(bytes).toString('base64'), cosmos })
  } catch (error) {
    if (!(error instanceof TxError)) throw error
    return { code: error.code, log: error.message, codespace: error.codespace, hash: sha256Hex(bytes) }
  }
}
