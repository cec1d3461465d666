import type { HeightReport, ScenarioReport } from '../../contract/scenario.ts'

type WithBlocks = NonNullable<ScenarioReport['heights']>[number]

/** With the blocks that came between, unless one of the heights is not known or the node was set back. */
export function withBlocks(height: HeightReport): WithBlocks {
  const known = bothOf(height)
  if (known === undefined || known.after < known.before) return height
  return { ...height, blocks: String(known.after - known.before) }
}

/** From the lowest height before to the highest after, and of how many nodes both are known. */
export function spanOf(heights: readonly HeightReport[]): string | undefined {
  const known = heights.map(bothOf).filter((both) => both !== undefined)
  const [first, ...others] = known
  if (first === undefined) return undefined
  const { before, after } = others.reduce(
    (span, one) => ({
      before: one.before < span.before ? one.before : span.before,
      after: one.after > span.after ? one.after : span.after,
    }),
    first,
  )
  const partly = known.length === heights.length ? '' : `${known.length} of `
  const nodes = heights.length === 1 ? (heights[0]?.node ?? '') : `${partly}${heights.length} nodes`
  return `heights ${before} to ${after} of ${nodes}`
}

/** Heights are strings: nobody says that they fit a number, or are one. */
function bothOf({ before = '', after = '' }: HeightReport): { before: bigint; after: bigint } | undefined {
  const known = [before, after].every((height) => /^\d+$/.test(height))
  return known ? { before: BigInt(before), after: BigInt(after) } : undefined
}
