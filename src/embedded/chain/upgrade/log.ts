import type { SeidLog } from '../log.ts'
import type { NodeView } from '../types.ts'
import { isMinor, upgradeTexts } from './decide.ts'
import { hasHandler, type Binary } from './handlers.ts'

/** Blocks between two reminders of a minor upgrade that the binary does not know yet. */
const reminderBlocks = 100

/** What the upgrade module logs of a block that was executed. `before` and `after` are the views around it. */
export function logUpgrades(log: SeidLog, binary: Binary, before: NodeView, after: NodeView): void {
  const { plan } = before
  if (plan === undefined) return
  const height = after.appHeight
  if (plan.info !== '') logDetails(log, plan.info)
  if (after.plan === plan) {
    const isReminded = height % reminderBlocks === 0 && isMinor(plan) && !hasHandler(binary, plan.name)
    if (isReminded) log('info', 'cosmos/x/upgrade', upgradeTexts.scheduled(plan))
    return
  }
  if (after.appVersion > before.appVersion)
    log('info', 'cosmos/x/upgrade', 'applying upgrade', { name: plan.name, at: `height: ${plan.height}` })
  else if (plan.height <= height && binary.skips.includes(plan.height))
    log('info', 'cosmos/x/upgrade', upgradeTexts.skipped(plan, plan.height))
}

/** Every block until the upgrade complains of a plan's info that is not JSON. */
function logDetails(log: SeidLog, info: string): void {
  try {
    JSON.parse(info)
  } catch {
    const first = info.trimStart().slice(0, 1)
    const err = `invalid character '${first}' looking for beginning of value`
    log('error', 'cosmos/x/upgrade', 'failed to parse upgrade details', { err })
  }
}
