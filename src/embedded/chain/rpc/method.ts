import type { SeidNode } from '../seid-node.ts'
import type { ParamSpec, RpcArgs } from './params.ts'

/** One route of the CometBFT RPC. `run` answers with the bare result, or throws an RpcError. */
export interface RpcMethod {
  readonly params: ParamSpec
  run(node: SeidNode, args: RpcArgs): unknown
}

export type RpcMethods = Readonly<Record<string, RpcMethod>>
