import type { HaltIntent } from '../../contract/halts.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { isCancelled } from '../../errors/guards.ts'
import { parseHaltIntent } from '../../probe/halt/intent.ts'
import { errorText } from '../../errors/error-text.ts'

/** What one node said when it was looked at. */
export interface NodeSample {
  readonly node: string
  readonly validator: boolean
  /** Left out where it did not answer. */
  readonly answer?: NodeAnswer | undefined
  /** Why there is no answer. */
  readonly silence?: string | undefined
}

export interface NodeAnswer {
  readonly height: number
  readonly hash: string
  readonly catchingUp: boolean
  readonly votingPower: number
  readonly intent?: HaltIntent | undefined
}

export interface Sample {
  readonly nodes: readonly NodeSample[]
  /** Of the slowest that answered, ms. */
  readonly slowestMs: number
}

export type SampledNode = Pick<NodeHandle, 'name' | 'role' | 'status'>

/** Looks at every node at once. Rejects only with the cancellation of `signal`. */
export async function takeSample(
  nodes: readonly SampledNode[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Sample> {
  let slowestMs = 0
  const began = performance.now()
  const looked = nodes.map(async (node): Promise<NodeSample> => {
    const base = { node: node.name, validator: node.role === 'validator' }
    try {
      const {
        latestHeight: height,
        latestBlockHash: hash,
        catchingUp,
        votingPower,
        raw,
      } = await node.status(options)
      slowestMs = Math.max(slowestMs, performance.now() - began)
      return { ...base, answer: { height, hash, catchingUp, votingPower, intent: parseHaltIntent(raw) } }
    } catch (error) {
      if (isCancelled(error)) throw error
      return { ...base, silence: errorText(error) }
    }
  })
  return { nodes: await Promise.all(looked), slowestMs }
}
