import type { TxTerm } from '../messages.ts'

/**
 * The part of CometBFT's query language that finds transactions: `tx.hash='…'`, `tx.height=5` and `<event>.<attribute>='…'`,
 * joined by AND. `undefined` for anything else.
 */
export function parseTxQuery(query: string): readonly TxTerm[] | undefined {
  const terms = query.split(/\s+AND\s+/i).map(parseTerm)
  return terms.every((term) => term !== undefined) ? terms : undefined
}

function parseTerm(text: string): TxTerm | undefined {
  const match = /^\s*([\w.-]+)\s*=\s*(?:'([^']*)'|(\d+))\s*$/.exec(text)
  if (match === null) return undefined
  const [name = '', value = ''] = [match[1], match[2] ?? match[3]]
  if (name === 'tx.hash') return { hash: value.replace(/^0x/i, '').toUpperCase() }
  if (name === 'tx.height') return { height: Number(value) }
  const dot = name.lastIndexOf('.')
  return dot < 1 ? undefined : { event: name.slice(0, dot), key: name.slice(dot + 1), value }
}
