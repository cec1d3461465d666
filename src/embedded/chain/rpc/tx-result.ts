import type { ChainEvent, TxResult } from '../messages.ts'

/** What a transaction did, as `/tx`, `/block_results` and their like print it. */
export function printResult(result: TxResult): unknown {
  return {
    code: result.code,
    data: result.data ?? null,
    log: result.log,
    info: '',
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    events: printEvents(result.events ?? []),
    codespace: result.codespace,
  }
}

/** Keys and values are bytes there, in base64 therefore. */
export function printEvents(events: readonly ChainEvent[]): unknown[] {
  return events.map(({ type, attributes }) => ({
    type,
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key: Buffer.from(key).toString('base64'),
      value: Buffer.from(value).toString('base64'),
      index: true,
    })),
  }))
}
