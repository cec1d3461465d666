import type { NodeHome } from '../types.ts'

/** Text of `data/upgrade-info.json`; `undefined` while this node has never lacked an upgrade's handler. */
export function upgradeInfoFile({ upgradeInfo }: NodeHome): string | undefined {
  if (upgradeInfo === undefined) return undefined
  const { name, height, info } = upgradeInfo
  return JSON.stringify({ name, height, ...(info === '' ? {} : { info }) })
}
