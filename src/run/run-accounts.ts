import { describeOwned, type OwnedObject } from '../client/closure.ts'
import type { Seal } from '../contract/seal.ts'
import type { LeftObject, Receipt, ReceiptObject, ReceiptSeal } from './receipt.ts'

/** What a run had, kept and left: the receipt in the making. */
export class RunAccounts {
  readonly #existed = new Map<string, ReceiptObject>()
  readonly #left = new Map<string, LeftObject>()
  readonly #seals: ReceiptSeal[] = []
  readonly #waivers: { object: string; reason: string }[] = []

  saw(objects: readonly OwnedObject[]): void {
    for (const object of objects) this.#existed.set(object.uid, receiptObject(object))
  }

  sawNamespace(name: string, uid: string): void {
    this.#existed.set(uid, { kind: 'Namespace', name, uid })
  }

  /** Replaces what is known to be left. */
  left(objects: readonly OwnedObject[]): void {
    this.#left.clear()
    for (const object of objects)
      this.#left.set(object.uid, { ...receiptObject(object), why: describeOwned(object) })
  }

  /** Everything that was seen and not accounted for otherwise may still be there: the API could not be asked. */
  leftUnasked(why: string): void {
    for (const [uid, object] of this.#existed) this.#left.set(uid, { ...object, why })
  }

  leftNamespace(name: string, uid: string, why: string): void {
    this.#left.set(uid, { kind: 'Namespace', name, uid, why })
  }

  sealed(network: string, { folder, manifestSha256, missing }: Seal): void {
    this.#seals.push({ network, folder, manifestSha256, missing })
  }

  waived(object: string, reason: string): void {
    this.#waivers.push({ object, reason })
  }

  get summary(): Pick<Receipt, 'existed' | 'deleted' | 'left' | 'seals' | 'waivers'> {
    const existed = [...this.#existed.values()]
    return {
      existed,
      deleted: existed.filter(({ uid }) => uid === undefined || !this.#left.has(uid)),
      left: [...this.#left.values()],
      seals: this.#seals,
      waivers: this.#waivers,
    }
  }
}

function receiptObject({ type, namespace, name, uid }: OwnedObject): ReceiptObject {
  return { kind: type.kind, namespace, name, uid }
}
