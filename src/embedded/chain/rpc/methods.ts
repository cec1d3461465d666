import { blockMethods } from './blocks.ts'
import { consensusMethods } from './consensus.ts'
import type { RpcMethods } from './method.ts'
import { statusMethods } from './status.ts'
import { txMethods } from './txs.ts'

/** Every route of the CometBFT RPC that a simulated node serves. */
export const rpcMethods: RpcMethods = {
  ...statusMethods,
  ...blockMethods,
  ...consensusMethods,
  ...txMethods,
}
