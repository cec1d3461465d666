/** Up to this a file is one request, and a larger one pieces of it, bytes. S3 takes pieces from 5 MiB on. */
export const pieceBytes: number = 8 * 1024 * 1024
/** As many pieces as S3 takes of one object. */
const maximumPieces = 10_000

export interface Piece {
  /** From 1. */
  readonly number: number
  readonly start: number
  readonly bytes: number
}

/** The pieces of a file: the same for the same size, so that a later attempt finds those of an earlier one. */
export function piecesOf(bytes: number): Piece[] {
  const size = Math.max(pieceBytes, Math.ceil(bytes / maximumPieces))
  return Array.from({ length: Math.ceil(bytes / size) }, (_, at) => ({
    number: at + 1,
    start: at * size,
    bytes: Math.min(size, bytes - at * size),
  }))
}
