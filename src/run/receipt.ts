import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MissingItem } from '../contract/seal.ts'

export interface ReceiptObject {
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name: string
  readonly uid?: string | undefined
}

export interface LeftObject extends ReceiptObject {
  readonly why: string
}

export interface ReceiptSeal {
  readonly network: string
  readonly folder: string
  readonly manifestSha256: string
  readonly missing: readonly MissingItem[]
}

/** What a run had in the cluster and what became of it. `left: []` is the only good ending. */
export interface Receipt {
  readonly run: string
  readonly mode: string
  readonly simulated: boolean
  readonly startedAt: string
  readonly endedAt: string
  readonly existed: readonly ReceiptObject[]
  readonly deleted: readonly ReceiptObject[]
  readonly left: readonly LeftObject[]
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
