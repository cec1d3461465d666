import { readStatus } from '../../probe/seid-rpc.ts'
import { retryUntil } from './retry-until.ts'
import type { StepContext } from './step.ts'

export interface TargetHeightOptions {
  /** Published URL of a Tendermint RPC. */
  readonly rpc: string
  /** Blocks from now to the upgrade. */
  readonly ahead: number
  /** Blocks from there to where every node has to come. */
  readonly margin: number
  readonly timeoutMs: number
}

/** Keys that the governance steps of a scenario read. */
const heightVarKeys = {
  target: 'TARGET_HEIGHT',
  upgrade: 'UPGRADE_HEIGHT',
  postUpgrade: 'POST_UPGRADE_HEIGHT',
} as const

/** Chooses the height of an upgrade: writes TARGET_HEIGHT, UPGRADE_HEIGHT (the same) and POST_UPGRADE_HEIGHT. */
export async function runTargetHeight(step: StepContext, options: TargetHeightOptions): Promise<void> {
  const { rpc, ahead, margin, timeoutMs } = options
  const { cluster, signal, vars, say } = step
  const height = await retryUntil(
    step,
    { goal: `a height of ${rpc}`, timeoutMs, everyMs: 3_000 },
    async () => {
      const { latestHeight } = await readStatus(await cluster.reach(rpc, signal), { signal })
      return latestHeight > 0 ? latestHeight : undefined
    },
  )
  const target = height + ahead
  await vars.set({
    [heightVarKeys.target]: String(target),
    [heightVarKeys.upgrade]: String(target),
    [heightVarKeys.postUpgrade]: String(target + margin),
  })
  say(`height ${height}, upgrade at ${target}, done at ${target + margin}`)
}
