import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { seiNetworks } from '../contract/kinds.ts'
import { Ledger } from './ledger.ts'
import { RunAccounts } from './run-accounts.ts'

function ledgerInTemp(): Ledger {
  const folder = mkdtempSync(join(tmpdir(), 'sei-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return new Ledger(join(folder, 'ledger.jsonl'))
}

const owned = {
  type: seiNetworks,
  namespace: 'ns',
  name: 'a',
  uid: 'u-a',
  deleting: true,
  finalizers: ['held'],
}

test('default: what was seen and is not left was deleted', () => {
  const accounts = new RunAccounts()
  accounts.saw([owned, { ...owned, name: 'b', uid: 'u-b' }])
  accounts.left([owned])
  expect(accounts.summary).toMatchObject({
    existed: [{ name: 'a' }, { name: 'b' }],
    deleted: [{ name: 'b' }],
    left: [{ name: 'a', why: expect.stringContaining('held') }],
  })
})

test('error: when nobody can be asked, what was intended or created and not deleted counts as left', () => {
  const ledger = ledgerInTemp()
  const at = (name: string) => ({ namespace: 'ns', name })
  for (const name of ['intended', 'created', 'gone']) ledger.intend('SeiNode', at(name))
  ledger.created('SeiNode', at('created'), 'u-1')
  ledger.created('SeiNode', at('gone'), 'u-2')
  ledger.deleted('SeiNode', at('gone'))
  const accounts = new RunAccounts()
  accounts.leftUnasked(ledger.standing, 'no answer')
  expect(accounts.summary.left).toEqual([
    { kind: 'SeiNode', ...at('intended'), uid: undefined, why: 'no answer' },
    { kind: 'SeiNode', ...at('created'), uid: 'u-1', why: 'no answer' },
  ])
})

test('behavior: what was in a cluster that is gone existed, and is not left', () => {
  const ledger = ledgerInTemp()
  ledger.intend('SeiNode', { namespace: 'ns', name: 'never' })
  ledger.created('SeiNode', { namespace: 'ns', name: 'a' }, 'u-1')
  const accounts = new RunAccounts()
  accounts.existed(ledger.existed)
  expect(accounts.summary).toMatchObject({ existed: [{ name: 'a' }], deleted: [{ name: 'a' }], left: [] })
})
