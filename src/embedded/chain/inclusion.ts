import type { SeidNode } from './seid-node.ts'
import type { IncludedTx } from './messages.ts'

/** Simulated milliseconds that `broadcast_tx_commit` waits by default. */
const commitWaitMs = 10_000

/** Waits until this node has the block with the transaction; `undefined` when that takes too long. */
export function awaitInclusion(node: SeidNode, hash: string): Promise<IncludedTx | undefined> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const found = await node.session.query('tx', hash)
      if (found !== undefined) finish(found)
    }
    const finish = (found: IncludedTx | undefined): void => {
      stop()
      cancel()
      resolve(found)
    }
    const stop = node.onView(() => void look().catch(reject))
    const cancel = node.clock.after(commitWaitMs, () => finish(undefined))
    look().catch(reject)
  })
}
