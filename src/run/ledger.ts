import { appendFileSync } from 'node:fs'
import type { ObjectRef } from '../contract/kinds.ts'

export interface LedgerObject {
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name: string
  readonly uid?: string | undefined
}

interface LedgerEntry extends LedgerObject {
  readonly at: string
  readonly event: 'intend' | 'created' | 'deleted'
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

  /** Everything that is known to have existed. */
  get existed(): readonly LedgerObject[] {
    return this.#entries.filter(({ event }) => event === 'created').map(objectOf)
  }

  /** What may still exist: intended or created, and not deleted. */
  get standing(): readonly LedgerObject[] {
    const standing = new Map<string, LedgerObject>()
    for (const entry of this.#entries) {
      const key = `${entry.kind} ${entry.namespace ?? ''}/${entry.name}`
      if (entry.event === 'deleted') standing.delete(key)
      else standing.set(key, objectOf(entry))
    }
    return [...standing.values()]
  }

  #append(entry: Omit<LedgerEntry, 'at'>): void {
    const line = { at: new Date().toISOString(), ...entry }
    this.#entries.push(line)
    appendFileSync(this.path, `${JSON.stringify(line)}\n`)
  }
}

function objectOf({ kind, namespace, name, uid }: LedgerEntry): LedgerObject {
  return { kind, namespace, name, uid }
}
