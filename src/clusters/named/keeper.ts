import type { ClockKind, ImageCommands } from '../../contract/embedded.ts'
import type { WireError } from '../../contract/lease.ts'
import type { NamedMode } from './record.ts'

/** How the process that keeps a named cluster is started: JSON in its first argument. */
export interface KeeperStart {
  readonly name: string
  /** Exists; the process removes it when the cluster is told to end, or its time is over. */
  readonly folder: string
  readonly mode: NamedMode
  readonly rate: number
  readonly blockMs: number
  readonly clock?: ClockKind | undefined
  readonly ttlMs: number
  /** An era, or the absolute path of a folder. @default head */
  readonly definitions?: string | undefined
  /** Paths in it are absolute. */
  readonly images?: ImageCommands | undefined
  /** @default true */
  readonly chaosMesh?: boolean | undefined
}

/** What it says over its channel, once; from then on it needs nobody. */
export type KeeperAnswer = { readonly ready: true } | { readonly error: WireError }
