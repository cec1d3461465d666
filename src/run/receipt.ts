import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UnreadableKind } from '../client/closure-watch.ts'
import type { MissingItem } from '../contract/seal.ts'
import type { LedgerObject } from './ledger.ts'

export interface LeftObject extends LedgerObject {
  readonly why: string
}

export interface ReceiptSeal {
  readonly network: string
  readonly folder: string
  readonly manifestSha256: string
  readonly missing: readonly MissingItem[]
}

/** What a run had in the cluster and what became of it. `left: []` and `unreadable: []` are the only good ending. */
export interface Receipt {
  readonly run: string
  readonly mode: string
  readonly simulated: boolean
  readonly startedAt: string
  readonly endedAt: string
  readonly existed: readonly LedgerObject[]
  readonly deleted: readonly LedgerObject[]
  readonly left: readonly LeftObject[]
  /** Kinds that could not be listed: whether any object of them is left is unknown. */
  readonly unreadable: readonly UnreadableKind[]
  readonly seals: readonly ReceiptSeal[]
  /** Deletions without evidence, and the reason given. */
  readonly waivers: readonly { readonly object: string; readonly reason: string }[]
}

/** Writes receipt.json into the run folder; returns its path. */
export function writeReceipt(folder: string, receipt: Receipt): string {
  const path = join(folder, 'receipt.json')
  writeFileSync(path, `${JSON.stringify(receipt, null, 2)}\n`)
  return path
}
