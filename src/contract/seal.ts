declare const sealed: unique symbol

/** One piece of evidence that could not be kept, and why. */
export interface MissingItem {
  readonly item: string
  readonly reason: string
}

/**
 * Proof that evidence of a network was kept before it is deleted. Only `evidence/` mints one. A partial seal lists
 * what is missing; it makes the run exit 2 at least and still permits deletion.
 */
export interface Seal {
  readonly [sealed]: true
  readonly kind: 'seal'
  /** Folder that holds the evidence. */
  readonly folder: string
  /** SHA-256 of manifest.json in that folder, lower-case hex. */
  readonly manifestSha256: string
  readonly sealedAt: string
  readonly items: number
  readonly missing: readonly MissingItem[]
}

/** A named reason to delete without evidence; it is recorded in the receipt. */
export interface Waiver {
  readonly kind: 'waiver'
  readonly reason: string
}

export type DeletePermit = Seal | Waiver
