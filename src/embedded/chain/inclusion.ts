import type { SeidNode } from './seid-node.ts'
import type { IncludedTx } from './messages.ts'

/** What `broadcast_tx_commit` waits by default, in ms of the wall as blocks are: at a high rate none would come in time. */
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
    const cancel = node.clock.wall.after(commitWaitMs, () => finish(undefined))
    look().catch(reject)
  })
}
