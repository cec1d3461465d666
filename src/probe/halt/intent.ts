import type { HaltIntent } from '../../contract/halts.ts'
import { isRecord, readNumber } from '../json.ts'

/**
 * The `halt_intent` of a `/status` answer, bare or in its envelope. Absent and null mean the same, and so does a reason that
 * is no positive number: the next source of evidence decides. Numbers may come as decimal strings, since seid's encoder turns
 * every int64 into one. Unknown keys are ignored.
 */
export function parseHaltIntent(status: unknown): HaltIntent | undefined {
  if (!isRecord(status)) return undefined
  const result = isRecord(status.result) ? status.result : status
  const { halt_intent: intent } = result
  if (!isRecord(intent)) return undefined
  const reason = readNumber(intent.reason)
  if (reason === undefined || reason <= 0) return undefined
  const height = readNumber(intent.height)
  return {
    reason,
    ...text('reasonText', intent.reason_string),
    ...text('planName', intent.plan_name),
    ...(height === undefined || height === 0 ? {} : { height }),
    ...text('info', intent.info),
    ...text('announcedAt', intent.announced_at),
  }
}

function text<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  return typeof value === 'string' && value !== '' ? ({ [key]: value } as Record<K, string>) : {}
}
