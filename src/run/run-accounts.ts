import type { UnreadableKind } from '../client/closure-watch.ts'
import { describeOwned, type OwnedObject } from '../client/closure.ts'
import type { Seal } from '../contract/seal.ts'
import type { LedgerObject } from './ledger.ts'
import type { LeftObject, Receipt, ReceiptSeal } from './receipt.ts'

/** What a run had, kept and left: the receipt in the making. */
export class RunAccounts {
  readonly #existed = new Map<string, LedgerObject>()
  readonly #left = new Map<string, LeftObject>()
  readonly #unreadable = new Map<string, UnreadableKind>()
  readonly #seals: ReceiptSeal[] = []
  readonly #waivers: { object: string; reason: string }[] = []

  saw(objects: readonly OwnedObject[]): void {
    this.existed(objects.map(receiptObject))
  }

  existed(objects: readonly LedgerObject[]): void {
    for (const object of objects) this.#existed.set(keyOf(object), object)
  }

  /** Replaces what is known to be left. */
  left(objects: readonly OwnedObject[]): void {
    this.#left.clear()
    for (const object of objects) this.#addLeft(receiptObject(object), describeOwned(object))
  }

  /** Nobody could be asked: what may stand, and what was seen and is not known to be deleted, counts as left. */
  leftUnasked(standing: readonly LedgerObject[], why: string): void {
    for (const object of [...this.#existed.values(), ...standing]) this.#addLeft(object, why)
  }

  leftNamespace(name: string, uid: string | undefined, why: string): void {
    this.#addLeft({ kind: 'Namespace', name, uid }, why)
  }

  unreadable(kinds: readonly UnreadableKind[]): void {
    for (const one of kinds) this.#unreadable.set(`${one.kind} ${one.reason}`, one)
  }

  sealed(network: string, { folder, manifestSha256, missing }: Seal): void {
    this.#seals.push({ network, folder, manifestSha256, missing })
  }

  waived(object: string, reason: string): void {
    this.#waivers.push({ object, reason })
  }

  get summary(): Pick<Receipt, 'existed' | 'deleted' | 'left' | 'unreadable' | 'seals' | 'waivers'> {
    return {
      existed: [...this.#existed.values()],
      deleted: [...this.#existed].filter(([key]) => !this.#left.has(key)).map(([, object]) => object),
      left: [...this.#left.values()],
      unreadable: [...this.#unreadable.values()],
      seals: this.#seals,
      waivers: this.#waivers,
    }
  }

  #addLeft(object: LedgerObject, why: string): void {
    this.#left.set(keyOf(object), { ...object, why })
  }
}

/** One object and its successor of the same name are two; only an object without a uid goes by its name. */
function keyOf({ kind, namespace = '', name, uid }: LedgerObject): string {
  return uid ?? `${kind} ${namespace}/${name}`
}

function receiptObject({ type, namespace, name, uid }: OwnedObject): LedgerObject {
  return { kind: type.kind, namespace, name, uid }
}
