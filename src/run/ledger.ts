import { appendFileSync } from 'node:fs'
import type { ObjectRef } from '../contract/kinds.ts'

export interface LedgerEntry {
  readonly at: string
  readonly event: 'intend' | 'created' | 'deleted'
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name: string
  readonly uid?: string | undefined
}

/**
 * What this run creates, one JSON line each, written before the request is sent and synchronously: whoever cleans up
 * after a killed run finds every object that may exist.
 */
export class Ledger {
  readonly path: string
  readonly #entries: LedgerEntry[] = []

  constructor(path: string) {
    this.path = path
  }

  intend(kind: string, ref: ObjectRef): void {
    this.#append({ event: 'intend', kind, ...ref })
  }

  created(kind: string, ref: ObjectRef, uid: string | undefined): void {
    this.#append({ event: 'created', kind, ...ref, uid })
  }

  deleted(kind: string, ref: ObjectRef): void {
    this.#append({ event: 'deleted', kind, ...ref })
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries
  }

  #append(entry: Omit<LedgerEntry, 'at'>): void {
    const line = { at: new Date().toISOString(), ...entry }
    this.#entries.push(line)
    appendFileSync(this.path, `${JSON.stringify(line)}\n`)
  }
}
