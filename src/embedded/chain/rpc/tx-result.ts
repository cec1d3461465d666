import type { TxResult } from '../messages.ts'

/** What a transaction did, as `/tx`, `/block_results` and their like print it. */
export function printResult(result: TxResult): unknown {
  return {
    code: result.code,
    data: null,
    log: result.log,
    info: '',
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    events: [],
    codespace: result.codespace,
  }
}
