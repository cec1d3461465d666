import { isRecord, readNumber } from '../json.ts'

/** What seid leaves in `<home>/data/upgrade-info.json` before it panics for want of an upgrade. */
export interface UpgradeInfo {
  readonly name: string
  readonly height: number
}

/**
 * The file's content, where it can be trusted: it survives a completed upgrade, so that it counts only if its height is not
 * below the last one that was seen.
 */
export function trustedUpgradeInfo(
  content: string | undefined,
  lastHeight: number | undefined,
): UpgradeInfo | undefined {
  const info = parse(content)
  if (info === undefined) return undefined
  return lastHeight === undefined || info.height >= lastHeight ? info : undefined
}

function parse(content: string | undefined): UpgradeInfo | undefined {
  if (content === undefined) return undefined
  try {
    const body: unknown = JSON.parse(content)
    const height = isRecord(body) ? readNumber(body.height) : undefined
    if (!isRecord(body) || typeof body.name !== 'string' || height === undefined) return undefined
    return { name: body.name, height }
  } catch {
    return undefined
  }
}
