import type { NodeHello } from './types.ts'
import type { NodeHalt } from './upgrade/decide.ts'

/** One node that is up, as the chain knows it. */
export interface EngineNode {
  readonly id: string
  readonly hello: NodeHello
  /** In the validator set, −1 for others. Only nodes in validator mode sign. */
  readonly validator: number
  readonly signs: boolean
  /** Last height it commits. */
  readonly haltAt: number
  height: number
  /** First height in its store. */
  base: number
  /** One-way latch: false once block sync has handed over to consensus. */
  catchingUp: boolean
  peers: readonly string[] | undefined
  /** Has executed a block since it joined. */
  hasExecuted: boolean
  /** Its consensus has stopped for good. */
  halt: NodeHalt | undefined
  /** Stays before a block that nobody could execute, whose decision it did not learn. */
  waits: boolean
}

/** Whether a node takes part in the block after `height`. */
export function isReady(node: EngineNode, height: number): boolean {
  return !node.catchingUp && node.height === height && node.haltAt > height && node.halt === undefined
}

/** Height of its block store: that of the application, or one above it in a node that fails on a block and lives. */
export function storeHeight({ halt, height, hello }: EngineNode): number {
  const isShown = halt !== undefined && halt.upgrade === undefined && hello.failsAt?.isShown === true
  return isShown ? halt.block : height
}
