import type { FanOut, FanOutResult, NodeRef } from './tasks.ts'

/** What a fan-out came to, and whether that is what was required. */
export interface FanOutOutcome<T> extends FanOutResult<T> {
  readonly met: boolean
  readonly required: number
}

/**
 * Runs `operation` on each node at once and waits for all of them: none is left running unseen. Once the requirement can no
 * longer be met, `onFailure: 'cancel'` aborts the others' signal. Never rejects.
 */
export async function fanOut<N extends NodeRef, T>(
  nodes: readonly N[],
  operation: (node: N, signal: AbortSignal) => Promise<T>,
  { require = 'all', onFailure = 'await', signal }: FanOut = {},
): Promise<FanOutOutcome<T>> {
  const required = requiredOf(require, nodes.length)
  const cancel = new AbortController()
  const signals = signal === undefined ? cancel.signal : AbortSignal.any([signal, cancel.signal])
  const succeeded: { node: string; value: T }[] = []
  const failed: { node: string; error: Error }[] = []
  await Promise.all(
    nodes.map(async (node) => {
      try {
        succeeded.push({ node: node.name, value: await operation(node, signals) })
      } catch (error) {
        failed.push({ node: node.name, error: error instanceof Error ? error : new Error(String(error)) })
        if (onFailure === 'cancel' && nodes.length - failed.length < required) cancel.abort(error)
      }
    }),
  )
  return { succeeded, failed, required, met: succeeded.length >= required }
}

function requiredOf(require: NonNullable<FanOut['require']>, count: number): number {
  if (require === 'all') return count
  return require === 'best-effort' ? 0 : require.quorum
}
