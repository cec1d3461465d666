import type { SeidNode } from '../seid-node.ts'
import type { FilterStore } from './filters.ts'

/** What a method works with: the node, and the filters its clients installed on it. */
export interface EvmScope {
  readonly node: SeidNode
  readonly filters: FilterStore
}

/** Answers with the bare result, or throws an EvmError. */
export type EvmMethod = (scope: EvmScope, params: readonly unknown[]) => unknown

export type EvmMethods = Readonly<Record<string, EvmMethod>>
