import type { RpcMethods } from './method.ts'
import { statusMethods } from './status.ts'

/** Every route of the CometBFT RPC that a simulated node serves. */
export const rpcMethods: RpcMethods = { ...statusMethods }
