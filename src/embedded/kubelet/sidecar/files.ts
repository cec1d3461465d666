import type { ChainGenesis, GenesisAccount, GenesisValidator, NodeHome } from '../../chain/types.ts'

/** A sidecar task as its ledger keeps it. */
export interface TaskRecord {
  readonly id: string
  readonly type: string
  readonly params: Readonly<Record<string, unknown>>
  status: 'running' | 'completed' | 'failed'
  /** Executions of this id; a failed one may be submitted again. */
  run: number
  result?: unknown
  error?: string
  submittedAt: string
  completedAt?: string
}

/** What one validator contributes to the genesis ceremony. */
export interface Gentx {
  readonly validator: GenesisValidator
  readonly account: GenesisAccount
}

/**
 * What seid and the sidecar keep on the data volume, as data instead of files. It outlives containers and pods and
 * dies with the claim.
 */
export interface NodeFiles {
  /** Keys and block store; absent before `seid init`. */
  home?: NodeHome
  gentx?: Gentx
  genesis?: ChainGenesis
  /** What config-apply rendered. */
  mode: 'validator' | 'full' | 'archive' | 'seed'
  overrides: Record<string, string>
  persistentPeers: string[]
  /** The sidecar's ledger: tasks left running by a crash are executed again. */
  readonly tasks: Map<string, TaskRecord>
  /** Signed bytes of transactions, by the id of their task: kept before they are sent. */
  readonly signed: Map<string, Uint8Array>
}

export function emptyFiles(): NodeFiles {
  return { mode: 'full', overrides: {}, persistentPeers: [], tasks: new Map(), signed: new Map() }
}
